import { mul } from '../autograd/ops/arithmetic.js'
import { dropout } from '../autograd/ops/dropout.js'
import { check } from '../kernels/check.js'
import { checkTensor } from '../tensor/arguments.js'
import { ones } from '../tensor/create.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** In training, sets elements to 0 with probability p and scales the others up; see `dropout`. */
export class Dropout extends Module {
  readonly p: number

  constructor(p = 0.5) {
    super()
    const { name } = this.constructor
    check(p >= 0 && p <= 1, () => `${name}: p is ${p}; it must be from 0 to 1`)
    this.p = p
  }

  forward(x: Tensor): Tensor {
    return dropout(x, this.p, { training: this.training })
  }
}

/**
 * The same for whole channels: a channel of a sample is 0, or scaled up.   x [n, c, ...]
 * Tompson et al. 2015, arXiv:1411.4280.
 */
export class Dropout2d extends Dropout {
  override forward(x: Tensor): Tensor {
    checkTensor('Dropout2d', x)
    check(
      x.rank >= 3,
      () => `Dropout2d: x is ${show(x.shape)}; it must be [n, c, h, w] or [n, c, l]`,
    )
    const { training, p } = this
    if (!training || p === 0) return x
    return mul(x, dropout(ones(x.shape.map((size, d) => (d < 2 ? size : 1))), p))
  }
}
