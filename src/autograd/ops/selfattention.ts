/** Attention of a sequence to itself, from queries, keys and values that lie side by side. */
import { attentionBackward, attentionForward } from '../../launches/attention.js'
import { matrixProduct } from '../../launches/matmul.js'
import { compact } from '../../tensor/contiguous.js'
import { ones } from '../../tensor/create.js'
import { empty, type Tensor, view } from '../../tensor/tensor.js'
import { noGrad, record } from '../tape.js'
import { mul, sub } from './arithmetic.js'
import { attentionWeights, type Scoring } from './attentionweights.js'
import { cat } from './cat.js'
import { dropout } from './dropout.js'
import { expand } from './expand.js'
import { permute, transpose } from './permute.js'
import { product } from './product.js'
import { reshape } from './reshape.js'
import { chunk } from './slice.js'
import { sum } from './sum.js'

export interface SelfAttentionOptions extends Scoring {
  readonly heads: number
  /** Whether x is [n, l, 3e] instead of [l, n, 3e]. */
  readonly batchFirst: boolean
  /** The probability that a weight is left out. */
  readonly dropout: number
}

/**
 * Of every head:  y = softmax(scale · Q Kᵀ + mask) V.
 *
 * x [l, n, 3e] = [Q, K, V], each head by head   y [l, n, e]; or both with n first. The mask has no
 * gradient. Products read their factors where they lie in x, and write where their result belongs
 * in y, or in dx: nothing is copied.
 */
export function selfAttention(x: Tensor, options: SelfAttentionOptions): Tensor {
  const op = 'selfAttention'
  const { batchFirst, dropout: p } = options
  const [q, k, v] = heads(compact(x), 3, options)
  const scoring = {
    scale: options.scale,
    mask: options.mask
      ? noGrad(() => expand(options.mask!, [...q.shape.slice(0, 3), q.shape[2]]))
      : null,
    isCausal: options.isCausal ?? false,
  }
  const weights = attentionForward(op, matrixProduct(q, across(k)), scoring)
  const kept = p > 0 ? noGrad(() => dropout(ones(weights.shape), p)) : null
  const shares = kept ? noGrad(() => mul(weights, kept)) : weights
  const y = empty([...x.shape.slice(0, 2), x.shape[2] / 3], 'f32', op)
  matrixProduct(shares, v, { into: heads(y, 1, options)[0] })

  const gradient = (dy: Tensor): Tensor => {
    const exact = true
    const of = heads(compact(dy), 1, options)[0]
    const dx = empty(x.shape, 'f32', op)
    const [dq, dk, dv] = heads(dx, 3, options)
    matrixProduct(across(shares), of, { exact, into: dv })
    const dShares = matrixProduct(of, across(v), { exact })
    const dWeights = kept ? mul(dShares, kept) : dShares
    const dScores = attentionBackward(op, weights, dWeights, scoring)
    matrixProduct(dScores, k, { exact, into: dq })
    matrixProduct(across(dScores), q, { exact, into: dk })
    return dx
  }

  /** The same, of operations that have gradients themselves. */
  const arrow = (dy: Tensor): Tensor => {
    const order = batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3]
    const back = batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3]
    const split = (t: Tensor) =>
      permute(reshape(t, [...t.shape.slice(0, 2), options.heads, q.shape[3]]), order)
    const [Q, K, V] = chunk(x, 3, -1).map(split)
    const W = attentionWeights(Q, K, { ...scoring })
    const S = kept ? mul(W, kept) : W
    const of = split(dy)
    const dShares = product(of, transpose(V), true)
    const dW = kept ? mul(dShares, kept) : dShares
    const dScores = mul(mul(W, sub(dW, sum(mul(dW, W), -1, { keepdim: true }))), scoring.scale)
    const parts = [
      product(dScores, K, true),
      product(transpose(dScores), Q, true),
      product(transpose(S), of, true),
    ]
    return cat(
      parts.map(part => reshape(permute(part, back), y.shape)),
      -1,
    )
  }
  return record(op, y, [[x, arrow]], { shortcut: dy => [gradient(dy)] })
}

/** Views [n, heads, l, d] of the thirds of a contiguous tensor, or of its only part. */
function heads(x: Tensor, parts: number, { heads, batchFirst }: SelfAttentionOptions): Tensor[] {
  const [first, second, wide] = x.shape
  const [n, l] = batchFirst ? [first, second] : [second, first]
  const e = wide / parts
  const [along, next] = batchFirst ? [second * wide, wide] : [wide, second * wide]
  const shape = [n, heads, l, e / heads]
  const strides = [along, e / heads, next, 1]
  return Array.from({ length: parts }, (_, i) =>
    view(x, { shape, strides, offset: x.offset + i * e }, x.op),
  )
}

/** The transposed matrices of a batch, where they lie. */
function across(x: Tensor): Tensor {
  const swap = (list: readonly number[]) => [...list.slice(0, -2), ...list.slice(-2).reverse()]
  return view(x, { shape: swap(x.shape), strides: swap(x.strides) }, x.op)
}
