/** Pooling along one dimension, as layers. */
import { avgPool1dOptions, maxPoolOptions } from '../autograd/ops/optionnames.js'
import {
  type AvgPool1dOptions,
  avgPool1d,
  type MaxPool1dOptions,
  maxPool1d,
} from '../autograd/ops/pool1d.js'
import { poolWindow } from '../autograd/ops/windowoptions.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** The largest element of every window.   x [n, c, l]   y [n, c, ol]; see `maxPool1d`. */
export class MaxPool1d extends Module {
  constructor(
    readonly kernelSize: number,
    readonly options: MaxPool1dOptions = {},
  ) {
    super()
    optionsOf('MaxPool1d', options, maxPoolOptions)
    poolWindow('MaxPool1d', kernelSize, options)
  }

  forward(x: Tensor): Tensor {
    return maxPool1d(x, this.kernelSize, this.options)
  }
}

/** The mean of every window.   x [n, c, l]   y [n, c, ol]; see `avgPool1d`. */
export class AvgPool1d extends Module {
  constructor(
    readonly kernelSize: number,
    readonly options: AvgPool1dOptions = {},
  ) {
    super()
    optionsOf('AvgPool1d', options, avgPool1dOptions)
    poolWindow('AvgPool1d', kernelSize, options)
  }

  forward(x: Tensor): Tensor {
    return avgPool1d(x, this.kernelSize, this.options)
  }
}
