/** Filters of old, against which a denoising network is judged. Pixels beyond an edge repeat it. */

export interface Sizes {
  readonly height: number
  readonly width: number
}

/** Each pixel is the median of the (2 radius + 1)² pixels around it. */
export function medianFilter(images: Float32Array, radius: number, sizes: Sizes): Float32Array {
  const { height, width } = sizes
  const window = new Float32Array((2 * radius + 1) ** 2)
  const middle = (window.length - 1) / 2
  return images.map((_, i) => {
    const [y, x] = [Math.floor(i / width) % height, i % width]
    const image = i - (i % (height * width))
    let k = 0
    for (let dy = -radius; dy <= radius; dy++)
      for (let dx = -radius; dx <= radius; dx++)
        window[k++] = images[image + inside(y + dy, height) * width + inside(x + dx, width)]
    return window.sort()[middle]
  })
}

/**
 * Each pixel is the mean of those around it, with weights e^(−d² / 2σ²) for a distance of d pixels,
 * as far as 4σ.
 */
export function gaussianFilter(images: Float32Array, sigma: number, sizes: Sizes): Float32Array {
  const radius = Math.ceil(4 * sigma)
  const bell = Float64Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  )
  const sum = bell.reduce((total, weight) => total + weight)
  const weights = bell.map(weight => weight / sum)
  return along('width', along('height', images, weights, sizes), weights, sizes)
}

function along(
  side: 'height' | 'width',
  images: Float32Array,
  weights: Float64Array,
  sizes: Sizes,
): Float32Array {
  const { height, width } = sizes
  const [step, size] = side === 'height' ? [width, height] : [1, width]
  const radius = (weights.length - 1) / 2
  return images.map((_, i) => {
    const at = side === 'height' ? Math.floor(i / width) % height : i % width
    let sum = 0
    for (let k = -radius; k <= radius; k++)
      sum += weights[k + radius] * images[i + (inside(at + k, size) - at) * step]
    return sum
  })
}

const inside = (at: number, size: number) => Math.min(Math.max(at, 0), size - 1)
