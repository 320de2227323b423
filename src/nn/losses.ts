/** Losses as layers without parameters. */
import { mseLoss, type Reduction } from '../autograd/ops/mse.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** l = (1/n) Σᵢ (x[i] − t[i])², or the sum, or one per element. */
export class MSELoss extends Module {
  readonly reduction: Reduction

  constructor({ reduction = 'mean' }: { reduction?: Reduction } = {}) {
    super()
    this.reduction = reduction
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return mseLoss(x, target, { reduction: this.reduction })
  }
}
