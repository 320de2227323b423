import { interpolateOptions } from '../autograd/ops/optionnames.js'
import { type InterpolateOptions, interpolate } from '../autograd/ops/upsample.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** Images at another size.   x [n, c, h, w]   y [n, c, oh, ow]; see `interpolate`. */
export class Upsample extends Module {
  constructor(readonly options: InterpolateOptions) {
    super()
    optionsOf('Upsample', options, interpolateOptions)
  }

  forward(x: Tensor): Tensor {
    return interpolate(x, this.options)
  }
}
