/** How near copies of images are to their originals. All pixels are from 0 to 1. */
import { check } from '../kernels/check.js'
import { type Mean, meanOf } from './statistics.js'

export interface Quality {
  /** Mean squared error per pixel. */
  readonly mse: Mean
  /** Peak signal-to-noise ratio in decibels. */
  readonly psnr: Mean
}

/** The error of rounding to bytes; smaller ones count as this, so that the PSNR stays finite. */
const least = 1 / 255 ** 2 / 12

/**
 * Of each image  mse = (1/p) Σ (copy − original)²  over its p pixels, and
 * psnr = 10 log₁₀(1 / mse), at most 58.9 dB; then means over images. Pixels of copies are cut to
 * [0, 1] before.
 * @throws Error when the two differ in length
 */
export function qualityOf(copies: Float32Array, originals: Float32Array, size = 784): Quality {
  check(
    copies.length === originals.length && copies.length % size === 0,
    () => `quality: ${copies.length} values against ${originals.length}, of images of ${size}`,
  )
  const errors = new Float64Array(copies.length / size)
  for (let i = 0; i < copies.length; i++) {
    const error = Math.min(Math.max(copies[i], 0), 1) - originals[i]
    errors[Math.floor(i / size)] += (error * error) / size
  }
  return { mse: meanOf(errors), psnr: meanOf(errors.map(psnrOf)) }
}

export function psnrOf(mse: number): number {
  return -10 * Math.log10(Math.max(mse, least))
}

/** `0.0123 ± 0.0004`, the mean over images and its standard error, as cells of a table. */
export function inWords({ mean, error }: Mean, digits: number): string {
  return `${mean.toFixed(digits)} ± ${error.toFixed(digits)}`
}
