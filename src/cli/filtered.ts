/** Noisy images through filters of several widths; of each kind the best. */
import { gaussianFilter, medianFilter, type Sizes } from './filters.js'
import { type Quality, qualityOf } from './quality.js'

export interface Filtered {
  /** For tables, with its width. */
  readonly name: string
  /** For pictures. */
  readonly short: string
  /** Of the median's window in pixels, or σ of the Gaussian filter in pixels. */
  readonly width: number
  readonly images: Float32Array
  readonly quality: Quality
}

const radii = [1, 2]
const sigmas = Array.from({ length: 15 }, (_, i) => (8 + i) / 20) // 0.4 to 1.1

/** The widths are tried on at most so many images. */
const tried = 1000

/**
 * The best median filter and the best Gaussian filter: of each the width is chosen that has the
 * highest PSNR on the first thousand of these images. Pixels are from 0 to 1.
 */
export function filtered(
  noisy: Float32Array,
  originals: Float32Array,
  sizes: Sizes,
): Record<'median' | 'gaussian', Filtered> {
  const some = tried * sizes.height * sizes.width
  const psnr = (copies: Float32Array) => qualityOf(copies, originals.subarray(0, some)).psnr.mean
  const first = noisy.subarray(0, some)
  const best = (widths: number[], filter: (images: Float32Array, width: number) => Float32Array) =>
    widths
      .map(width => ({ width, psnr: psnr(filter(first, width)) }))
      .reduce((a, b) => (b.psnr > a.psnr ? b : a)).width
  const of = (images: Float32Array, about: Pick<Filtered, 'name' | 'short' | 'width'>) => ({
    ...about,
    images,
    quality: qualityOf(images, originals),
  })
  const radius = best(radii, (images, width) => medianFilter(images, width, sizes))
  const sigma = best(sigmas, (images, width) => gaussianFilter(images, width, sizes))
  const side = 2 * radius + 1
  return {
    median: of(medianFilter(noisy, radius, sizes), {
      name: `median filter, ${side} × ${side}`,
      short: 'median filter',
      width: side,
    }),
    gaussian: of(gaussianFilter(noisy, sigma, sizes), {
      name: `Gaussian filter, σ = ${sigma} pixels`,
      short: 'Gaussian filter',
      width: sigma,
    }),
  }
}
