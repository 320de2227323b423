import { rmsNorm } from '../autograd/ops/rmsnorm.js'
import { optionsOf } from '../tensor/arguments.js'
import { ones } from '../tensor/create.js'
import { checkShape, type Shape } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module, parameter } from './module.js'
import type { NormLayerOptions } from './norm.js'

/**
 * Divides each sample by the root of the mean square of its last dims; see `rmsNorm`.
 *
 *   y = w x / √(mean x² + ε)      x [..., ...normalizedShape]   w normalizedShape, at first 1
 *
 * ε is by default 2⁻²³, as PyTorch's for f32.   Zhang & Sennrich 2019, arXiv:1910.07467.
 */
export class RMSNorm extends Module {
  readonly weight: Tensor | null
  readonly normalizedShape: Shape
  readonly eps: number

  constructor(normalizedShape: number | Shape, options: NormLayerOptions = {}) {
    super()
    const { affine = true, eps = 2 ** -23 } = optionsOf('RMSNorm', options, ['affine', 'eps'])
    this.normalizedShape = [normalizedShape].flat()
    checkShape('RMSNorm', this.normalizedShape)
    this.eps = eps
    this.weight = affine ? parameter(ones(this.normalizedShape)) : null
  }

  forward(x: Tensor): Tensor {
    const { weight, normalizedShape, eps } = this
    return rmsNorm(x, normalizedShape, { weight, eps })
  }
}
