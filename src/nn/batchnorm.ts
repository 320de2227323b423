/** Batch normalisation as a layer. Weights are 1 at first, biases 0. */
import { add, div } from '../autograd/ops/arithmetic.js'
import { batchNorm } from '../autograd/ops/batchnorm.js'
import { to } from '../autograd/ops/cast.js'
import { noGrad } from '../autograd/tape.js'
import { check } from '../kernels/check.js'
import { checkTensor, optionsOf } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import { ones, zeros } from '../tensor/create.js'
import { keep } from '../tensor/lifetime.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module, parameter } from './module.js'
import type { NormLayerOptions } from './norm.js'

export interface BatchNormLayerOptions extends NormLayerOptions {
  /** The weight of a batch in the running statistics; null: their plain mean over all batches. */
  momentum?: number | null
  /** Whether to keep running statistics; otherwise every batch is normalised by its own. */
  trackRunningStats?: boolean
}

export const batchNormOptions = ['affine', 'eps', 'momentum', 'trackRunningStats'] as const

/** All batch norms, except for the shapes that they accept. */
export abstract class BatchNorm extends Module {
  readonly weight: Tensor | null
  readonly bias: Tensor | null
  readonly runningMean: Tensor | null
  readonly runningVar: Tensor | null
  readonly numBatchesTracked: Tensor | null
  readonly eps: number
  readonly momentum: number | null

  constructor(
    readonly features: number,
    options: BatchNormLayerOptions = {},
  ) {
    super()
    const name = this.constructor.name
    const given = optionsOf(name, options, batchNormOptions)
    const { affine = true, eps = 1e-5, momentum = 0.1, trackRunningStats = true } = given
    check(
      Number.isInteger(features) && features > 0,
      () => `${name}: ${features} features; it must be a whole number above 0`,
    )
    this.eps = eps
    this.momentum = momentum
    this.weight = affine ? parameter(ones([features])) : null
    this.bias = affine ? parameter(zeros([features])) : null
    this.runningMean = trackRunningStats ? keep(zeros([features])) : null
    this.runningVar = trackRunningStats ? keep(ones([features])) : null
    this.numBatchesTracked = trackRunningStats ? keep(zeros([], { dtype: 'i32' })) : null
  }

  /** Ranks that `forward` takes. */
  protected abstract readonly ranks: readonly number[]

  forward(x: Tensor): Tensor {
    const { weight, bias, runningMean, runningVar, eps } = this
    this.checkInput(x)
    const momentum = this.training ? this.countBatch() : 0
    const training = this.training || !runningMean
    const statistics = { runningMean, runningVar, training, momentum }
    return batchNorm(x, { weight, bias, eps, ...statistics })
  }

  /** @throws Error unless x has one of the layer's ranks, and its features */
  protected checkInput(x: Tensor): void {
    checkTensor(this.constructor.name, x)
    check(
      this.ranks.includes(x.rank) && x.shape[1] === this.features,
      () =>
        `${this.constructor.name}: x is ${show(x.shape)}; it must have ` +
        `${this.ranks.join(' or ')} dims, the second of size ${this.features}`,
    )
  }

  /** Counts a batch, if there are running statistics. Returns its weight in them. */
  protected countBatch(): number | Tensor {
    const { momentum, numBatchesTracked: n } = this
    if (n) noGrad(() => assign(n, add(n, 1)))
    return momentum ?? (n ? div(1, to(n, 'f32')) : 0)
  }
}

/** Normalises each feature over the batch; see `batchNorm`.   x [n, c] or [n, c, l] */
export class BatchNorm1d extends BatchNorm {
  protected readonly ranks = [2, 3]
}

/** Normalises each channel over the batch; see `batchNorm`.   x [n, c, h, w] */
export class BatchNorm2d extends BatchNorm {
  protected readonly ranks = [4]
}
