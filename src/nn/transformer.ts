import { add } from '../autograd/ops/arithmetic.js'
import { gelu, relu } from '../autograd/ops/elementwise.js'
import { check } from '../kernels/check.js'
import { checkFunction, optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { MultiheadAttention } from './attention.js'
import { Dropout } from './dropout.js'
import { Linear } from './linear.js'
import { Module } from './module.js'
import { LayerNorm } from './norm.js'

export interface TransformerEncoderLayerOptions {
  /** The features between the two linear layers; 2048 by default. */
  dimFeedforward?: number
  /** The probability of all dropouts; 0.1 by default. */
  dropout?: number
  /** f between the two linear layers; 'relu' by default. */
  activation?: 'relu' | 'gelu' | ((x: Tensor) => Tensor)
  /** ε of both norms; 1e-5 by default. */
  layerNormEps?: number
  /** Whether x is [n, length, e] instead of [length, n, e], the default. */
  batchFirst?: boolean
  /** Whether each norm stands before its block instead of behind the sum; false by default. */
  normFirst?: boolean
}

const names = [
  'dimFeedforward',
  'dropout',
  'activation',
  'layerNormEps',
  'batchFirst',
  'normFirst',
] as const

/** Which positions may not be looked at; see `MultiheadAttention`. */
export interface EncoderMasks {
  /** The mask of positions [l, l]. */
  srcMask?: Tensor | null
  /** Which positions are padding [n, l]. */
  srcKeyPaddingMask?: Tensor | null
  isCausal?: boolean
}

/**
 * Attention of a sequence to itself, then two linear layers, each with a shortcut around it:
 *
 *   x ← norm1(x + selfAttn(x))      y = norm2(x + linear2(f(linear1(x))))
 *
 * or, with `normFirst`,  x ← x + selfAttn(norm1(x)),  y = x + linear2(f(linear1(norm2(x)))).
 * x, y [l, n, e], or n first with `batchFirst`.   Vaswani et al. 2017, arXiv:1706.03762.
 *
 * Several of them: `new nn.Sequential(...Array.from({ length: 6 }, () => new nn.Tr…(512, 8)))`.
 */
export class TransformerEncoderLayer extends Module {
  readonly selfAttn: MultiheadAttention
  readonly linear1: Linear
  readonly dropout: Dropout
  readonly linear2: Linear
  readonly norm1: LayerNorm
  readonly norm2: LayerNorm
  readonly dropout1: Dropout
  readonly dropout2: Dropout
  readonly normFirst: boolean
  private readonly activation: (x: Tensor) => Tensor

  constructor(dModel: number, nhead: number, options: TransformerEncoderLayerOptions = {}) {
    super()
    const name = 'TransformerEncoderLayer'
    const given = optionsOf(name, options, names)
    const { dimFeedforward = 2048, dropout: p = 0.1, activation = 'relu' } = given
    const { layerNormEps: eps = 1e-5, batchFirst = false, normFirst = false } = given
    this.selfAttn = new MultiheadAttention(dModel, nhead, { dropout: p, batchFirst })
    this.linear1 = new Linear(dModel, dimFeedforward)
    this.dropout = new Dropout(p)
    this.linear2 = new Linear(dimFeedforward, dModel)
    this.norm1 = new LayerNorm(dModel, { eps })
    this.norm2 = new LayerNorm(dModel, { eps })
    this.dropout1 = new Dropout(p)
    this.dropout2 = new Dropout(p)
    this.normFirst = normFirst
    check(
      typeof activation === 'function' || activation === 'relu' || activation === 'gelu',
      () => `${name}: activation is '${activation}'; it is 'relu', 'gelu' or a function`,
    )
    const known = { relu, gelu: (x: Tensor) => gelu(x) }
    this.activation = typeof activation === 'function' ? activation : known[activation]
    checkFunction(name, this.activation)
  }

  forward(src: Tensor, masks: EncoderMasks = {}): Tensor {
    const given = optionsOf('TransformerEncoderLayer', masks, [
      'srcMask',
      'srcKeyPaddingMask',
      'isCausal',
    ])
    const { srcMask: attnMask, srcKeyPaddingMask: keyPaddingMask, isCausal } = given
    const attend = (x: Tensor) => {
      const options = { attnMask, keyPaddingMask, isCausal, needWeights: false }
      return this.dropout1.forward(this.selfAttn.forward(x, x, x, options)[0])
    }
    const think = (x: Tensor) => {
      const h = this.dropout.forward(this.activation(this.linear1.forward(x)))
      return this.dropout2.forward(this.linear2.forward(h))
    }
    if (this.normFirst) {
      const x = add(src, attend(this.norm1.forward(src)))
      return add(x, think(this.norm2.forward(x)))
    }
    const x = this.norm1.forward(add(src, attend(src)))
    return this.norm2.forward(add(x, think(x)))
  }
}
