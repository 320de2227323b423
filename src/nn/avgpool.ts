import {
  type AvgPoolOptions,
  adaptiveAvgPool2d,
  avgPool2d,
  checkDivisor,
} from '../autograd/ops/avgpool.js'
import { avgPoolOptions } from '../autograd/ops/optionnames.js'
import { poolWindows } from '../autograd/ops/windowoptions.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Size2d } from '../tensor/window.js'
import { Module } from './module.js'

/** The mean of every window.   x [n, c, h, w]   y [n, c, oh, ow]; see `avgPool2d`. */
export class AvgPool2d extends Module {
  constructor(
    readonly kernelSize: Size2d,
    readonly options: AvgPoolOptions = {},
  ) {
    super()
    optionsOf('AvgPool2d', options, avgPoolOptions)
    poolWindows('AvgPool2d', kernelSize, options)
    checkDivisor('AvgPool2d', options.divisorOverride ?? null)
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options)
  }
}

/**
 * The means of windows that divide each plane into `outputSize` parts; see `adaptiveAvgPool2d`.
 * x [n, c, h, w]   y [n, c, ...outputSize]
 */
export class AdaptiveAvgPool2d extends Module {
  constructor(readonly outputSize: number | readonly [number | null, number | null]) {
    super()
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize)
  }
}
