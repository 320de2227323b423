/** Attention with several heads, of a sequence to itself or to another one. */
import { attentionWeights } from '../autograd/ops/attentionweights.js'
import { dropout } from '../autograd/ops/dropout.js'
import { linear } from '../autograd/ops/linear.js'
import { matmul } from '../autograd/ops/matmul.js'
import { permute } from '../autograd/ops/permute.js'
import { reshape, squeeze, unsqueeze } from '../autograd/ops/reshape.js'
import { chunk, narrow } from '../autograd/ops/slice.js'
import { mean } from '../autograd/ops/sum.js'
import { check } from '../kernels/check.js'
import { checkTensor, optionsOf } from '../tensor/arguments.js'
import { zeros } from '../tensor/create.js'
import { sameShape, show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { type MaskOptions, maskOf, maskOptions } from './attentionmask.js'
import { xavierUniform, zeros as zero } from './init.js'
import { Linear } from './linear.js'
import { Module, parameter } from './module.js'
import { attentionToItself } from './selfattention.js'

export interface MultiheadAttentionOptions {
  /** The probability with which a weight is 0 in training; 0 by default. */
  dropout?: number
  /** Whether the products have biases; true by default. */
  bias?: boolean
  /** Whether tensors are [n, length, e] instead of [length, n, e], the default. */
  batchFirst?: boolean
}

export interface AttentionOptions extends MaskOptions {
  /** Whether the weights are returned, too; true by default. */
  needWeights?: boolean
  /** Whether the returned weights are the mean over all heads; true by default. */
  averageAttnWeights?: boolean
}

/**
 * Every head h looks at its own part of the values, weighted by how well keys answer queries:
 *
 *   headₕ = softmax(qₕ kₕᵀ / √d + mask) vₕ      qₕ, kₕ, vₕ: d = e / heads columns of q, k, v
 *   q, k, v = query, key, value times the three parts of inProjWeightᵀ, plus those of inProjBias
 *   y = [head₁ … headₙ] · outProj.weightᵀ + outProj.bias
 *
 * query, y [l, n, e]   key, value [s, n, e], or all without n, or n first with `batchFirst`
 * inProjWeight [3e, e]   inProjBias [3e]   weights [n, l, s], or [n, heads, l, s] without mean
 *
 * Vaswani et al. 2017, arXiv:1706.03762.
 * @throws Error when heads do not divide e, or shapes do not fit
 */
export class MultiheadAttention extends Module<[y: Tensor, weights: Tensor | null]> {
  readonly inProjWeight: Tensor
  readonly inProjBias: Tensor | null
  readonly outProj: Linear
  readonly dropout: number
  readonly batchFirst: boolean

  constructor(
    readonly embedDim: number,
    readonly numHeads: number,
    options: MultiheadAttentionOptions = {},
  ) {
    super()
    const name = 'MultiheadAttention'
    const given = optionsOf(name, options, ['dropout', 'bias', 'batchFirst'])
    const { dropout = 0, bias = true, batchFirst = false } = given
    check(
      [embedDim, numHeads].every(n => Number.isInteger(n) && n > 0) && embedDim % numHeads === 0,
      () => `${name}: ${embedDim} features in ${numHeads} heads; heads must divide the features`,
    )
    check(dropout >= 0 && dropout <= 1, () => `${name}: dropout is ${dropout}; it is from 0 to 1`)
    this.inProjWeight = xavierUniform(parameter(zeros([3 * embedDim, embedDim])))
    this.inProjBias = bias ? parameter(zeros([3 * embedDim])) : null
    this.outProj = new Linear(embedDim, embedDim, { bias })
    if (this.outProj.bias) zero(this.outProj.bias)
    this.dropout = dropout
    this.batchFirst = batchFirst
  }

  forward(
    query: Tensor,
    key: Tensor = query,
    value: Tensor = key,
    options: AttentionOptions = {},
  ): [y: Tensor, weights: Tensor | null] {
    const name = 'MultiheadAttention'
    optionsOf(name, options, [...maskOptions, 'needWeights', 'averageAttnWeights'])
    const { needWeights = true, averageAttnWeights = true } = options
    this.check(query, key, value)
    const isBatch = query.rank === 3
    if (query === key && key === value && !needWeights && !options.attnMask?.requiresGrad)
      return [attentionToItself(this, query, options), null]
    const [q, k, v] = this.projected(query, key, value).map(t => this.heads(t))
    const mask = maskOf(name, [...q.shape.slice(0, 3), k.shape[2]], options)
    const scoring = { scale: 1 / Math.sqrt(q.shape[3]), mask, isCausal: options.isCausal }
    const shares = attentionWeights(q, k, scoring) // [n, heads, l, s]
    const mixed = matmul(dropout(shares, this.training ? this.dropout : 0), v) // [n, heads, l, d]
    const joined = permute(mixed, this.batchFirst || !isBatch ? [0, 2, 1, 3] : [2, 0, 1, 3])
    const y = this.outProj.forward(reshape(joined, isBatch ? query.shape : [1, ...query.shape]))
    const seen = needWeights ? (averageAttnWeights ? mean(shares, 1) : shares) : null
    return isBatch ? [y, seen] : [squeeze(y, 0), seen && squeeze(seen, 0)]
  }

  /** Queries, keys and values, in as few products as there are different inputs. */
  private projected(query: Tensor, key: Tensor, value: Tensor): Tensor[] {
    const { inProjWeight: w, inProjBias: b, embedDim: e } = this
    const part = (x: Tensor, from: number, count: number) => {
      const [wPart, bPart] = [w, b].map(t => t && narrow(t, 0, from * e, count * e))
      return chunk(linear(x, wPart!, bPart), count, -1)
    }
    if (query === key && key === value) return chunk(linear(query, w, b), 3, -1)
    if (key === value) return [...part(query, 0, 1), ...part(key, 1, 2)]
    return [part(query, 0, 1), part(key, 1, 1), part(value, 2, 1)].flat()
  }

  /** [l, n, e] or [n, l, e] or [l, e] as [n, heads, l, d] */
  private heads(x: Tensor): Tensor {
    const isBatch = x.rank === 3
    const [rows, columns] = isBatch ? x.shape : [1, x.shape[0]]
    const { numHeads: h, embedDim: e } = this
    const parts = reshape(isBatch ? x : unsqueeze(x, 0), [rows, columns, h, e / h])
    return permute(parts, this.batchFirst || !isBatch ? [0, 2, 1, 3] : [1, 2, 0, 3])
  }

  private check(query: Tensor, key: Tensor, value: Tensor): void {
    checkTensor('MultiheadAttention', query, key, value)
    const { embedDim: e, batchFirst } = this
    const all = [query, key, value]
    const batch = batchFirst ? 0 : 1
    check(
      (query.rank === 2 || query.rank === 3) &&
        all.every(t => t.rank === query.rank && t.shape.at(-1) === e) &&
        sameShape(key.shape, value.shape) &&
        (query.rank === 2 || query.shape[batch] === key.shape[batch]),
      () =>
        `MultiheadAttention: query, key and value are ${all.map(t => show(t.shape)).join(', ')}; ` +
        `they are [${batchFirst ? 'n, length' : 'length, n'}, ${e}] or [length, ${e}], ` +
        'key and value of one length',
    )
  }
}
