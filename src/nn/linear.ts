import { linear } from '../autograd/ops/linear.js'
import { check } from '../kernels/check.js'
import type { Activation } from '../launches/activation.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'
import { uniformParameter } from './parameter.js'

/**
 * Fully connected layer  y = x Wᵀ + b
 * x [..., inFeatures]   W [outFeatures, inFeatures]   y [..., outFeatures]
 */
export class Linear extends Module {
  readonly weight: Tensor
  readonly bias: Tensor | null

  constructor(inFeatures: number, outFeatures: number, options: { bias?: boolean } = {}) {
    super()
    const { bias = true } = optionsOf('Linear', options, ['bias'])
    check(
      [inFeatures, outFeatures].every(n => Number.isInteger(n) && n > 0),
      () => `Linear: ${inFeatures} to ${outFeatures} features; both are whole numbers above 0`,
    )
    this.weight = uniformParameter([outFeatures, inFeatures], inFeatures)
    this.bias = bias ? uniformParameter([outFeatures], inFeatures) : null
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias)
  }

  /** f(forward(x)). */
  activated(x: Tensor, activation: Activation): Tensor {
    return linear(x, this.weight, this.bias, { activation })
  }
}
