/** The attention of a sequence to itself, without its weights. */
import { linear } from '../autograd/ops/linear.js'
import { squeeze, unsqueeze } from '../autograd/ops/reshape.js'
import { selfAttention } from '../autograd/ops/selfattention.js'
import type { Tensor } from '../tensor/tensor.js'
import { type MaskOptions, maskOf } from './attentionmask.js'
import type { Linear } from './linear.js'

/** What is needed of a MultiheadAttention. */
interface Heads {
  readonly embedDim: number
  readonly numHeads: number
  readonly inProjWeight: Tensor
  readonly inProjBias: Tensor | null
  readonly outProj: Linear
  readonly dropout: number
  readonly training: boolean
  readonly batchFirst: boolean
}

/** y of a layer whose query, key and value are all x.   x, y [l, n, e], [n, l, e] or [l, e] */
export function attentionToItself(layer: Heads, x: Tensor, options: MaskOptions): Tensor {
  const { numHeads: heads, embedDim: e } = layer
  const isBatch = x.rank === 3
  const batchFirst = layer.batchFirst || !isBatch
  const all = isBatch ? x : unsqueeze(x, 0)
  const [n, l] = batchFirst ? all.shape : [all.shape[1], all.shape[0]]
  const y = selfAttention(linear(all, layer.inProjWeight, layer.inProjBias), {
    heads,
    batchFirst,
    dropout: layer.training ? layer.dropout : 0,
    scale: 1 / Math.sqrt(e / heads),
    mask: maskOf('MultiheadAttention', [n, heads, l, l], options),
    isCausal: options.isCausal,
  })
  const out = layer.outProj.forward(y)
  return isBatch ? out : squeeze(out, 0)
}
