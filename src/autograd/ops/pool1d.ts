/** Pooling along one dimension: that of images with one row. */
import { check } from '../../kernels/check.js'
import { checkTensor, optionsOf } from '../../tensor/arguments.js'
import { show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { avgPool2d } from './avgpool.js'
import { maxPool2d } from './maxpool.js'
import { avgPool1dOptions, maxPoolOptions } from './optionnames.js'
import { squeeze, unsqueeze } from './reshape.js'
import { poolWindow } from './windowoptions.js'

export interface MaxPool1dOptions {
  /** Positions from one window to the next; the kernel's size by default. */
  stride?: number
  /** What is put on at both ends and never wins; at most half the kernel; 0 by default. */
  padding?: number
  /** Positions from one element of a window to the next; 1 by default. */
  dilation?: number
  /** Whether windows that reach past the end count. */
  ceilMode?: boolean
}

export interface AvgPool1dOptions {
  /** Positions from one window to the next; the kernel's size by default. */
  stride?: number
  /** Zeros added at both ends; at most half the kernel; 0 by default. */
  padding?: number
  /** Whether windows that reach past the end are included. */
  ceilMode?: boolean
  /** Whether padding counts in the mean; true by default. */
  countIncludePad?: boolean
}

/**
 * The largest element of every window:  y[n,c,o] = maxₖ x[n,c, o·stride − padding + k·dilation]
 *
 * x [n, c, l] or [c, l]   y [n, c, ol]; see `maxPool2d`.
 * @throws Error when x has another rank, or an option does not fit
 */
export function maxPool1d(x: Tensor, kernelSize: number, options: MaxPool1dOptions = {}): Tensor {
  checkSignal('maxPool1d', x)
  const given = optionsOf('maxPool1d', options, maxPoolOptions)
  const { kernel, ...windows } = poolWindow('maxPool1d', kernelSize, given)
  return squeeze(maxPool2d(unsqueeze(x, -2), kernel, windows), -2)
}

/**
 * The mean of every window:  y[n,c,o] = mean over k of x[n,c, o·stride − padding + k]
 *
 * x [n, c, l] or [c, l]   y [n, c, ol]; see `avgPool2d`.
 * @throws Error when x has another rank, or an option does not fit
 */
export function avgPool1d(x: Tensor, kernelSize: number, options: AvgPool1dOptions = {}): Tensor {
  checkSignal('avgPool1d', x)
  const given = optionsOf('avgPool1d', options, avgPool1dOptions)
  const { countIncludePad } = given
  const { kernel, dilation: _, ...windows } = poolWindow('avgPool1d', kernelSize, given)
  return squeeze(avgPool2d(unsqueeze(x, -2), kernel, { ...windows, countIncludePad }), -2)
}

function checkSignal(op: string, x: Tensor): void {
  checkTensor(op, x)
  check(
    x.rank === 2 || x.rank === 3,
    () => `${op}: x is ${show(x.shape)}; it must be [n, c, l] or [c, l]`,
  )
}
