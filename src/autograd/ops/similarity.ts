/** Directions of vectors, and how alike two are. */
import { checkNumber, optionsOf } from '../../tensor/arguments.js'
import type { Tensor } from '../../tensor/tensor.js'
import { div, mul } from './arithmetic.js'
import { clamp } from './elementwise.js'
import { checkFloat } from './operands.js'
import { sum } from './sum.js'
import { norm } from './vectornorm.js'

/** y = x / max(‖x‖ₚ, ε) along a dim: vectors of length 1, in the p-norm. */
export function normalize(
  x: Tensor,
  options: { p?: number; dim?: number; eps?: number } = {},
): Tensor {
  const { p = 2, dim = 1, eps = 1e-12 } = optionsOf('normalize', options, ['p', 'dim', 'eps'])
  checkFloat('normalize', x)
  checkNumber('normalize', 'eps', eps)
  return div(x, clamp(norm(x, p, dim, { keepdim: true }), { min: eps }))
}

/**
 * y = a · b / (max(‖a‖, ε) max(‖b‖, ε)) along a dim, with broadcasting: a cosine.
 *
 * Vectors shorter than ε have the gradient of this equation. PyTorch gives another one for them: it
 * differentiates ‖a‖ there too.
 */
export function cosineSimilarity(
  a: Tensor,
  b: Tensor,
  options: { dim?: number; eps?: number } = {},
): Tensor {
  const { dim = 1, eps = 1e-8 } = optionsOf('cosineSimilarity', options, ['dim', 'eps'])
  checkFloat('cosineSimilarity', a, b)
  return sum(mul(normalize(a, { dim, eps }), normalize(b, { dim, eps })), dim)
}
