/** Labelled grey images as bytes, and the floats that networks want. */
import { check } from '../kernels/check.js'

/** Images one after the other, row by row, 0 black to 255 white, each with the digit it shows. */
export interface ImageSet {
  readonly images: Uint8Array
  readonly labels: Uint8Array
  readonly count: number
  readonly height: number
  readonly width: number
}

/** The first `n` images; they share their memory with the set. @throws Error when there are fewer */
export function take(set: ImageSet, n: number): ImageSet {
  return split(set, n)[0]
}

/** The first `n` images, and the rest; both share their memory with the set. @throws Error when there are fewer */
export function split(set: ImageSet, n: number): [first: ImageSet, rest: ImageSet] {
  check(
    Number.isInteger(n) && n >= 0 && n <= set.count,
    () => `split: ${n} of ${set.count} images; it must be from 0 to ${set.count}`,
  )
  return [part(set, 0, n), part(set, n, set.count)]
}

/**
 * Pixels as floats, image after image:  (byte/255 − mean) / std.
 *
 * With the default ½ and ½ they lie in [−1, 1]; with mean 0 and std 1 in [0, 1]. Every operation is
 * rounded to f32, as PyTorch's ToTensor and Normalize do it.
 */
export function pixels(
  { images }: ImageSet,
  { mean = 0.5, std = 0.5 }: { mean?: number; std?: number } = {},
): Float32Array<ArrayBuffer> {
  const { fround } = Math
  const table = Float32Array.from({ length: 256 }, (_, byte) =>
    fround(fround(fround(byte / 255) - fround(mean)) / fround(std)),
  )
  const floats = new Float32Array(images.length)
  for (let i = 0; i < images.length; i++) floats[i] = table[images[i]] // Float32Array.from: 20 × slower
  return floats
}

function part({ images, labels, height, width }: ImageSet, from: number, to: number): ImageSet {
  const size = height * width
  return {
    images: images.subarray(from * size, to * size),
    labels: labels.subarray(from, to),
    count: to - from,
    height,
    width,
  }
}
