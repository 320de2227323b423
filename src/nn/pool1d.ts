/** Pooling along one dimension: that of images with one row. */
import { avgPool2d } from '../autograd/ops/avgpool.js'
import { maxPool2d } from '../autograd/ops/maxpool.js'
import { maxPoolOptions } from '../autograd/ops/optionnames.js'
import { squeeze, unsqueeze } from '../autograd/ops/reshape.js'
import { checkTensor, optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { pair } from '../tensor/window.js'
import { Module } from './module.js'

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

/** The largest element of every window.   x [n, c, l]   y [n, c, ol]; see `maxPool2d`. */
export class MaxPool1d extends Module {
  constructor(
    readonly kernelSize: number,
    readonly options: MaxPool1dOptions = {},
  ) {
    super()
    optionsOf('MaxPool1d', options, maxPoolOptions)
    pair('MaxPool1d', 'kernelSize', kernelSize, 1)
  }

  forward(x: Tensor): Tensor {
    checkTensor('MaxPool1d', x)
    const { stride = this.kernelSize, padding = 0, dilation = 1, ceilMode } = this.options
    const windows = { stride: [1, stride], padding: [0, padding], dilation: [1, dilation] } as const
    return squeeze(maxPool2d(unsqueeze(x, -2), [1, this.kernelSize], { ...windows, ceilMode }), -2)
  }
}

/** The mean of every window.   x [n, c, l]   y [n, c, ol]; see `avgPool2d`. */
export class AvgPool1d extends Module {
  constructor(
    readonly kernelSize: number,
    readonly options: AvgPool1dOptions = {},
  ) {
    super()
    optionsOf('AvgPool1d', options, ['stride', 'padding', 'ceilMode', 'countIncludePad'])
    pair('AvgPool1d', 'kernelSize', kernelSize, 1)
  }

  forward(x: Tensor): Tensor {
    checkTensor('AvgPool1d', x)
    const { stride = this.kernelSize, padding = 0, ...others } = this.options
    const windows = { stride: [1, stride], padding: [0, padding], ...others } as const
    return squeeze(avgPool2d(unsqueeze(x, -2), [1, this.kernelSize], windows), -2)
  }
}
