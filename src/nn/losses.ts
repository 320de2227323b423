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
import {
  type ClassLossOptions,
  type CrossEntropyOptions,
  crossEntropy,
  nllLoss,
} from '../autograd/ops/nll.js'
import type { LossOptions, Reduction } from '../autograd/ops/reduction.js'
import { keep } from '../tensor/lifetime.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** A loss that has nothing but options. */
abstract class PlainLoss<O> extends Module {
  constructor(readonly options: O = {} as O) {
    super()
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
  forward(x: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(x, target, this.options)
  }
}

/** Squares near 0, straight lines beyond delta; see `huberLoss`. */
export class HuberLoss extends PlainLoss<LossOptions & { delta?: number }> {
  forward(x: Tensor, target: Tensor): Tensor {
    return huberLoss(x, target, this.options)
  }
}

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

  constructor({ weight = null, reduction = 'mean' }: BCEOptions = {}) {
    super()
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

  constructor({ posWeight = null, weight = null, reduction = 'mean' }: LogitsOptions = {}) {
    super()
    this.weight = buffer(weight)
    this.posWeight = buffer(posWeight)
    this.reduction = reduction
  }

  forward(x: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this
    return binaryCrossEntropyWithLogits(x, target, { weight, posWeight, reduction })
  }
}

/** t (ln t − x) for logarithms x; see `klDiv`. */
export class KLDivLoss extends PlainLoss<{
  reduction?: Reduction | 'batchmean'
  logTarget?: boolean
}> {
  forward(x: Tensor, target: Tensor): Tensor {
    return klDiv(x, target, this.options)
  }
}

/** −x[target] for logarithms x and classes; see `nllLoss`. */
export class NLLLoss extends Module {
  readonly weight: Tensor | null
  readonly options: Omit<ClassLossOptions, 'weight'>

  constructor({ weight = null, ...options }: ClassLossOptions = {}) {
    super()
    this.weight = buffer(weight)
    this.options = options
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return nllLoss(x, target, { weight: this.weight, ...this.options })
  }
}

/** −ln softmax(x)[target] for scores x and classes or their probabilities; see `crossEntropy`. */
export class CrossEntropyLoss extends Module {
  readonly weight: Tensor | null
  readonly options: Omit<CrossEntropyOptions, 'weight'>

  constructor({ weight = null, ...options }: CrossEntropyOptions = {}) {
    super()
    this.weight = buffer(weight)
    this.options = options
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return crossEntropy(x, target, { weight: this.weight, ...this.options })
  }
}

function buffer(t: Tensor | null): Tensor | null {
  return t && keep(t)
}
