/** Losses for classification as layers. Weights that are given belong to the state. */
import {
  type ClassLossOptions,
  type CrossEntropyOptions,
  crossEntropy,
  nllLoss,
} from '../autograd/ops/nll.js'
import { classLossOptions, crossEntropyOptions } from '../autograd/ops/optionnames.js'
import { optionsOf } from '../tensor/arguments.js'
import { keep } from '../tensor/lifetime.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module } from './module.js'

/** −x[target] for logarithms x and classes; see `nllLoss`. */
export class NLLLoss extends Module {
  readonly weight: Tensor | null
  readonly options: Omit<ClassLossOptions, 'weight'>

  constructor(given: ClassLossOptions = {}) {
    super()
    const { weight = null, ...options } = optionsOf('NLLLoss', given, classLossOptions)
    this.weight = weight && keep(weight)
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

  constructor(given: CrossEntropyOptions = {}) {
    super()
    const { weight = null, ...options } = optionsOf('CrossEntropyLoss', given, crossEntropyOptions)
    this.weight = weight && keep(weight)
    this.options = options
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return crossEntropy(x, target, { weight: this.weight, ...this.options })
  }
}
