/** Losses as layers without parameters. Weights that are given belong to the state. */
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  smoothL1Loss,
} from '../autograd/ops/losses.js'
import type { LossOptions, Reduction } from '../autograd/ops/reduction.js'
import { optionsOf } from '../tensor/arguments.js'
import { keep } from '../tensor/lifetime.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** A loss that has nothing but options. */
abstract class PlainLoss<O extends object> extends Module {
  static readonly names: readonly string[] = ['reduction']

  constructor(readonly options: O = {} as O) {
    super()
    optionsOf(new.target.name, options, new.target.names as never[])
  }
}

/** l = (1/n) Σᵢ (x[i] − t[i])², or the sum, or one per element. */
export class MSELoss extends PlainLoss<LossOptions> {
  forward(x: Tensor, target: Tensor): Tensor {
    return mseLoss(x, target, this.options)
  }
}

/** l = (1/n) Σᵢ |x[i] − t[i]|; see `l1Loss`. */
export class L1Loss extends PlainLoss<LossOptions> {
  forward(x: Tensor, target: Tensor): Tensor {
    return l1Loss(x, target, this.options)
  }
}

/** Squares near 0, absolute values beyond beta; see `smoothL1Loss`. */
export class SmoothL1Loss extends PlainLoss<LossOptions & { beta?: number }> {
  static override readonly names = ['reduction', 'beta']

  forward(x: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(x, target, this.options)
  }
}

/** Squares near 0, straight lines beyond delta; see `huberLoss`. */
export class HuberLoss extends PlainLoss<LossOptions & { delta?: number }> {
  static override readonly names = ['reduction', 'delta']

  forward(x: Tensor, target: Tensor): Tensor {
    return huberLoss(x, target, this.options)
  }
}

const bceOptions = ['reduction', 'weight'] as const

interface BCEOptions extends LossOptions {
  weight?: Tensor | null
}

interface LogitsOptions extends BCEOptions {
  posWeight?: Tensor | null
}

/** −t ln x − (1 − t) ln(1 − x); see `binaryCrossEntropy`. */
export class BCELoss extends Module {
  readonly weight: Tensor | null
  readonly reduction: Reduction

  constructor(options: BCEOptions = {}) {
    super()
    const { weight = null, reduction = 'mean' } = optionsOf('BCELoss', options, bceOptions)
    this.weight = buffer(weight)
    this.reduction = reduction
  }

  forward(x: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this
    return binaryCrossEntropy(x, target, { weight, reduction })
  }
}

/** Binary cross-entropy of σ(x); see `binaryCrossEntropyWithLogits`. */
export class BCEWithLogitsLoss extends Module {
  readonly weight: Tensor | null
  readonly posWeight: Tensor | null
  readonly reduction: Reduction

  constructor(options: LogitsOptions = {}) {
    super()
    const given = optionsOf('BCEWithLogitsLoss', options, [...bceOptions, 'posWeight'])
    const { posWeight = null, weight = null, reduction = 'mean' } = given
    this.weight = buffer(weight)
    this.posWeight = buffer(posWeight)
    this.reduction = reduction
  }

  forward(x: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this
    return binaryCrossEntropyWithLogits(x, target, { weight, posWeight, reduction })
  }
}

interface DivergenceOptions {
  reduction?: Reduction | 'batchmean'
  logTarget?: boolean
}

/** t (ln t − x) for logarithms x; see `klDiv`. */
export class KLDivLoss extends PlainLoss<DivergenceOptions> {
  static override readonly names = ['reduction', 'logTarget']

  forward(x: Tensor, target: Tensor): Tensor {
    return klDiv(x, target, this.options)
  }
}

function buffer(t: Tensor | null): Tensor | null {
  return t && keep(t)
}
