import { halfLinear } from '../autograd/ops/halflinear.js'
import { check } from '../kernels/check.js'
import type { Activation } from '../launches/activation.js'
import { packHalves, unpackHalves, wordsFor } from '../launches/half.js'
import { described } from '../tensor/arguments.js'
import { keep } from '../tensor/lifetime.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { Linear } from './linear.js'
import { Module } from './module.js'
import { packed } from './packed.js'

/**
 * A Linear whose weights are kept in half precision, two per word; sums and all else are f32:
 *
 *     y = x Wᵀ + b          x [..., inFeatures]   y [..., outFeatures]
 *
 * `weight` is [outFeatures, words] u32: each row of W is filled up to an even number of words. The
 * bias is that of the given layer. Each weight is off by 2⁻¹¹ of itself at most, below 2⁻¹⁴ by
 * 2⁻²⁵. From 65,520 on it becomes infinite.
 *
 * x and the bias get gradients, W gets none. A state shows W in its own shape, in f32, and files
 * have it as F16. `nn.halve` makes these layers in a model.
 * @throws Error when it is not given a Linear
 */
export class HalfLinear extends Module {
  readonly weight: Tensor
  readonly bias: Tensor | null
  readonly #inputs: number

  constructor(layer: Linear) {
    super()
    check(
      layer instanceof Linear,
      () => `HalfLinear: got ${described(layer)} where a Linear belongs`,
    )
    const { shape } = layer.weight
    const [outputs, inputs] = shape
    const weight = empty([outputs, wordsFor(inputs)], 'u32', 'halve')
    this.#inputs = inputs
    this.bias = layer.bias
    this.weight = keep(weight)
    packHalves(layer.weight, weight)
    packed.set(weight, {
      shape,
      dtype: 'f32',
      unpack: () => unpackHalves(weight, inputs),
      pack(from) {
        packHalves(from, weight)
        weight.storage.markChanged()
      },
    })
  }

  forward(x: Tensor): Tensor {
    return this.activated(x)
  }

  /** f(forward(x)). */
  activated(x: Tensor, activation: Activation | null = null): Tensor {
    return halfLinear(x, this.weight, this.bias, { inputs: this.#inputs, activation })
  }
}
