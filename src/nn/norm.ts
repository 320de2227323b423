/** Normalisation of single samples as layers. Weights are 1 at first, biases 0. */
import { groupNorm, layerNorm } from '../autograd/ops/norm.js'
import { check } from '../kernels/check.js'
import { optionsOf } from '../tensor/arguments.js'
import { ones, zeros } from '../tensor/create.js'
import { checkShape, type Shape } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { Module, parameter } from './module.js'

export interface NormLayerOptions {
  /** Whether there are a weight and a bias; true by default. */
  affine?: boolean
  /** ε; 1e-5 by default. */
  eps?: number
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
