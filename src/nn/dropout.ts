import { dropout } from '../autograd/ops/dropout.js'
import { check } from '../kernels/check.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** In training, sets elements to 0 with probability p and scales the others up; see `dropout`. */
export class Dropout extends Module {
  readonly p: number

  constructor(p = 0.5) {
    super()
    check(p >= 0 && p <= 1, () => `Dropout: p is ${p}; it must be from 0 to 1`)
    this.p = p
  }

  forward(x: Tensor): Tensor {
    return dropout(x, this.p, { training: this.training })
  }
}
