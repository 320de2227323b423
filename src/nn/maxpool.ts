import { type MaxPoolOptions, maxPool2d } from '../autograd/ops/maxpool.js'
import { maxPoolOptions } from '../autograd/ops/optionnames.js'
import { poolWindows } from '../autograd/ops/windowoptions.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Size2d } from '../tensor/window.js'
import { Module } from './module.js'

/** The largest element of every window.   x [n, c, h, w]   y [n, c, oh, ow]; see `maxPool2d`. */
export class MaxPool2d extends Module {
  readonly kernelSize: Size2d
  readonly options: MaxPoolOptions

  constructor(kernelSize: Size2d, options: MaxPoolOptions = {}) {
    super()
    optionsOf('MaxPool2d', options, maxPoolOptions)
    poolWindows('MaxPool2d', kernelSize, options)
    this.kernelSize = kernelSize
    this.options = options
  }

  forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options)
  }
}
