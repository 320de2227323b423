/** Attention: a mean of values, weighted by how well each key fits a query. */
import { check } from '../../kernels/check.js'
import { checkFinite, checkOptional, described, optionsOf } from '../../tensor/arguments.js'
import { show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { attentionWeights } from './attentionweights.js'
import { dropout } from './dropout.js'
import { matmul } from './matmul.js'
import { checkFloat } from './operands.js'

export interface AttentionOptions {
  /** bool: which keys a query may use. f32: added to the scores. Broadcasts to [..., l, s]. */
  mask?: Tensor | null
  /** Query i may use keys 0 to i only. Not together with a mask. */
  isCausal?: boolean
  /** The factor of the scores; 1/√d by default. */
  scale?: number
  /** The probability that a weight is left out; 0 by default. */
  dropoutP?: number
}

/**
 * y = softmax(scale · Q Kᵀ + mask) V
 *
 * Q [..., l, d]   K [..., s, d]   V [..., s, v]   y [..., l, v]; leading dims broadcast.
 * A query that may use no key at all gives NaN.   Vaswani et al. 2017, arXiv:1706.03762
 * @throws Error when sizes do not fit, or there are a mask and `isCausal`
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  const op = 'scaledDotProductAttention'
  const names = ['mask', 'isCausal', 'scale', 'dropoutP'] as const
  const { mask = null, isCausal = false, scale, dropoutP = 0 } = optionsOf(op, options, names)
  checkFloat(op, query, key, value)
  checkOptional(op, mask)
  const [[, d], [s, width], [n]] = [query, key, value].map(t => t.shape.slice(-2))
  check(
    [query, key, value].every(t => t.rank >= 2) && d === width && s === n,
    () =>
      `${op}: Q is ${show(query.shape)}, K ${show(key.shape)}, V ${show(value.shape)}; ` +
      'they must be [..., l, d], [..., s, d] and [..., s, v]',
  )
  check(
    typeof isCausal === 'boolean',
    () => `${op}: isCausal is ${described(isCausal)}; it must be true or false`,
  )
  check(
    !(mask && isCausal),
    () => `${op}: there are a mask and isCausal; put both into one mask, for example with tril`,
  )
  check(
    !mask || mask.dtype === 'bool' || mask.dtype === 'f32',
    () => `${op}: the mask is ${mask?.dtype}; it must be bool, or f32 to be added`,
  )
  const factor = scale ?? 1 / Math.sqrt(d)
  checkFinite(op, 'scale', factor)
  const weights = attentionWeights(query, key, { scale: factor, mask, isCausal })
  return matmul(dropout(weights, dropoutP), value)
}
