/** Normalisation without a mean. */
import { check } from '../../kernels/check.js'
import { checkOptional, optionsOf } from '../../tensor/arguments.js'
import { type Shape, sameShape, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { rows } from './norm.js'
import { normalized } from './normalized.js'
import { checkFloat } from './operands.js'

export interface RMSNormOptions {
  /** w, the factor of the result; 1 by default. */
  weight?: Tensor | null
  /** ε, which keeps the quotient finite where all elements are 0; 2⁻²³ by default. */
  eps?: number
}

/**
 * Divides each sample by the root of the mean square of its last dims; the mean stays.
 *
 *     y = w x / √(mean x² + ε)      x [..., ...normalizedShape]   w normalizedShape
 *
 * ε is by default 2⁻²³, as PyTorch's for f32.   Zhang & Sennrich 2019, arXiv:1910.07467.
 * @throws Error when x does not end in normalizedShape
 */
export function rmsNorm(
  x: Tensor,
  normalizedShape: number | Shape,
  options: RMSNormOptions = {},
): Tensor {
  const { weight = null, eps = 2 ** -23 } = optionsOf('rmsNorm', options, ['weight', 'eps'])
  const shape = [normalizedShape].flat()
  checkFloat('rmsNorm', x)
  checkOptional('rmsNorm', weight)
  if (weight) checkFloat('rmsNorm', weight)
  check(
    shape.length > 0 &&
      sameShape(x.shape.slice(-shape.length), shape) &&
      (!weight || sameShape(weight.shape, shape)),
    () =>
      `rmsNorm: x is ${show(x.shape)}${weight ? `, the weight ${show(weight.shape)}` : ''}, ` +
      `normalizedShape ${show(shape)}; x must end in it, and the weight be of it`,
  )
  const dims = shape.map((_, i) => x.rank - shape.length + i)
  return normalized(x, {
    op: 'rmsNorm',
    sets: rows(x.shape, dims.length),
    shape: x.shape,
    dims,
    weight,
    bias: null,
    over: shape,
    eps,
    centred: false,
  }).y
}
