import { add, div, mul } from '../autograd/ops/arithmetic.js'
import { sqrt } from '../autograd/ops/elementwise.js'
import { square } from '../autograd/ops/pow.js'
import { mean } from '../autograd/ops/sum.js'
import { check } from '../kernels/check.js'
import { checkTensor, optionsOf } from '../tensor/arguments.js'
import { ones } from '../tensor/create.js'
import { checkShape, type Shape, sameShape, show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module, parameter } from './module.js'
import type { NormLayerOptions } from './norm.js'

/**
 * Divides each sample by the root of the mean square of its last dims; the mean stays.
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
    const { weight, normalizedShape: shape, eps } = this
    checkTensor('RMSNorm', x)
    check(
      shape.length > 0 && sameShape(x.shape.slice(-shape.length), shape),
      () => `RMSNorm: x is ${show(x.shape)}; it must end in ${show(shape)}`,
    )
    const dims = shape.map((_, i) => x.rank - shape.length + i)
    const y = div(x, sqrt(add(mean(square(x), dims, { keepdim: true }), eps)))
    return weight ? mul(y, weight) : y
  }
}
