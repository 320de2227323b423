/** Windows that slide over images: their sizes and their number. */

import { check } from '../kernels/check.js'
import { described } from './arguments.js'
import { type Shape, show } from './shape.js'

/** [along h, along w] */
export type Pair = readonly [number, number]

/** One number for both dimensions, or [along h, along w]. */
export type Size2d = number | Pair

/** An option for both dimensions. @throws Error unless both are whole numbers ≥ `least` */
export function pair(op: string, name: string, size: Size2d, least: number): Pair {
  const both: Pair = typeof size === 'number' ? [size, size] : size
  check(
    Array.isArray(both) &&
      both.length === 2 &&
      both.every(n => Number.isInteger(n) && n >= least && n < 2 ** 31),
    () => `${op}: ${name} is ${described(size)}; one whole number from ${least} up, or two`,
  )
  return both
}

/** An option for one dimension. @throws Error unless it is a whole number ≥ `least` */
export function single(op: string, name: string, size: number, least: number): number {
  check(
    Number.isInteger(size) && size >= least && size < 2 ** 31,
    () => `${op}: ${name} is ${described(size)}; one whole number from ${least} up`,
  )
  return size
}

export interface Windows {
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Pair
  readonly dilation: Pair
  readonly ceilMode: boolean
}

/**
 * Windows along h and w:  ⌊(n + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1.  ceilMode rounds
 * up instead, but without a last window that would begin in the padding at the end.
 * @throws Error when there is none
 */
export function windowsIn(op: string, x: Shape, windows: Windows): Pair {
  const { kernel, stride, padding, dilation, ceilMode } = windows
  const along = (i: 0 | 1) => {
    const n = x[x.length - 2 + i]
    const steps = (n + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i]
    const count = (ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1
    return ceilMode && (count - 1) * stride[i] >= n + padding[i] ? count - 1 : count
  }
  const size: Pair = [along(0), along(1)]
  check(
    size.every(n => n > 0),
    () =>
      `${op}: x is ${show(x)}; a window of ${show(kernel)} with dilation ${show(dilation)} is ` +
      `larger than the image with padding ${show(padding)}`,
  )
  return size
}
