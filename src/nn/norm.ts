/** Normalisation as layers. Weights are 1 at first, biases 0. */
import { add, div } from '../autograd/ops/arithmetic.js'
import { batchNorm } from '../autograd/ops/batchnorm.js'
import { to } from '../autograd/ops/cast.js'
import { groupNorm, layerNorm } from '../autograd/ops/norm.js'
import { noGrad } from '../autograd/tape.js'
import { check } from '../kernels/check.js'
import { checkTensor, optionsOf } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import { ones, zeros } from '../tensor/create.js'
import { keep } from '../tensor/lifetime.js'
import { checkShape, type Shape, show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module, parameter } from './module.js'

export interface NormLayerOptions {
  /** Whether there are a weight and a bias; true by default. */
  affine?: boolean
  /** ε; 1e-5 by default. */
  eps?: number
}

export interface BatchNormLayerOptions extends NormLayerOptions {
  /** The weight of a batch in the running statistics; null: their plain mean over all batches. */
  momentum?: number | null
  /** Whether to keep running statistics; otherwise every batch is normalised by its own. */
  trackRunningStats?: boolean
}

/** Both batch norms, except for the shapes that they accept. */
abstract class BatchNorm extends Module {
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
    const given = optionsOf(name, options, ['affine', 'eps', 'momentum', 'trackRunningStats'])
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
    const { weight, bias, runningMean, runningVar, numBatchesTracked, eps } = this
    checkTensor(this.constructor.name, x)
    check(
      this.ranks.includes(x.rank) && x.shape[1] === this.features,
      () =>
        `${this.constructor.name}: x is ${show(x.shape)}; it must have ` +
        `${this.ranks.join(' or ')} dims, the second of size ${this.features}`,
    )
    if (this.training && numBatchesTracked)
      noGrad(() => assign(numBatchesTracked, add(numBatchesTracked, 1)))
    const momentum = this.momentum ?? (numBatchesTracked ? div(1, to(numBatchesTracked, 'f32')) : 0)
    const training = this.training || !runningMean
    const statistics = { runningMean, runningVar, training, momentum }
    return batchNorm(x, { weight, bias, eps, ...statistics })
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

/** Normalises each sample over its last dims; see `layerNorm`. */
export class LayerNorm extends Module {
  readonly weight: Tensor | null
  readonly bias: Tensor | null
  readonly normalizedShape: Shape
  readonly eps: number

  constructor(
    normalizedShape: number | Shape,
    options: NormLayerOptions & { bias?: boolean } = {},
  ) {
    super()
    const names = ['affine', 'bias', 'eps'] as const
    const { affine = true, bias = affine, eps = 1e-5 } = optionsOf('LayerNorm', options, names)
    this.normalizedShape = [normalizedShape].flat()
    checkShape('LayerNorm', this.normalizedShape)
    this.eps = eps
    this.weight = affine ? parameter(ones(this.normalizedShape)) : null
    this.bias = bias ? parameter(zeros(this.normalizedShape)) : null
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this
    return layerNorm(x, this.normalizedShape, { weight, bias, eps })
  }
}

/** Normalises groups of channels within each sample; see `groupNorm`.   x [n, c, ...] */
export class GroupNorm extends Module {
  readonly weight: Tensor | null
  readonly bias: Tensor | null
  readonly eps: number

  constructor(
    readonly groups: number,
    channels: number,
    options: NormLayerOptions = {},
  ) {
    super()
    const { affine = true, eps = 1e-5 } = optionsOf('GroupNorm', options, ['affine', 'eps'])
    check(
      [groups, channels].every(n => Number.isInteger(n) && n > 0) && channels % groups === 0,
      () => `GroupNorm: ${channels} channels in ${groups} groups; groups must divide them`,
    )
    this.eps = eps
    this.weight = affine ? parameter(ones([channels])) : null
    this.bias = affine ? parameter(zeros([channels])) : null
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this
    return groupNorm(x, this.groups, { weight, bias, eps })
  }
}
