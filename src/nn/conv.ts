/** Convolutions as layers. Weights and biases are at first uniform in ±1/√fanIn, as in PyTorch. */
import {
  type ConvOptions,
  type ConvTransposeOptions,
  conv2d,
  convTranspose2d,
} from '../autograd/ops/conv.js'
import { conv1d } from '../autograd/ops/conv1d.js'
import { convOptions, convTransposeOptions } from '../autograd/ops/optionnames.js'
import { alongRow, convWindows } from '../autograd/ops/windowoptions.js'
import { check } from '../kernels/check.js'
import type { Activation } from '../launches/activation.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { type Pair, pair, type Size2d, single } from '../tensor/window.js'
import { Module } from './module.js'
import { uniformParameter } from './parameter.js'

/** Whether a number is added to each channel; true by default. */
export type WithBias = { bias?: boolean }

const layerOptions = ['bias', ...convOptions] as const
export const transposeOptions = ['bias', ...convTransposeOptions] as const

/**
 * y = w ∗ x + b; see `conv2d`.
 * x [n, in, h, w]   weight [out, in/groups, kh, kw]   y [n, out, oh, ow]
 */
export class Conv2d extends Module {
  readonly weight: Tensor
  readonly bias: Tensor | null
  readonly options: ConvOptions

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size2d,
    given: ConvOptions & WithBias = {},
  ) {
    super()
    const { bias = true, ...options } = optionsOf('Conv2d', given, layerOptions)
    const { groups = 1 } = options
    checkChannels('Conv2d', inChannels, outChannels, groups)
    convWindows('Conv2d', options)
    const kernel = pair('Conv2d', 'kernelSize', kernelSize, 1)
    const c = inChannels / groups
    const fanIn = c * area(kernel)
    this.weight = uniformParameter([outChannels, c, ...kernel], fanIn)
    this.bias = bias ? uniformParameter([outChannels], fanIn) : null
    this.options = options
  }

  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this.options)
  }

  /** f(forward(x)), in one kernel. */
  activated(x: Tensor, activation: Activation): Tensor {
    return conv2d(x, this.weight, this.bias, { ...this.options, activation })
  }
}

/**
 * y = w ∗ x + b along one dimension; see `conv1d`.
 * x [n, in, l]   weight [out, in/groups, k]   y [n, out, ol]
 */
export class Conv1d extends Module {
  readonly weight: Tensor
  readonly bias: Tensor | null
  readonly options: ConvOptions<number>

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    given: ConvOptions<number> & WithBias = {},
  ) {
    super()
    const { bias = true, ...options } = optionsOf('Conv1d', given, layerOptions)
    const { groups = 1 } = options
    checkChannels('Conv1d', inChannels, outChannels, groups)
    alongRow('Conv1d', options)
    const k = single('Conv1d', 'kernelSize', kernelSize, 1)
    const c = inChannels / groups
    this.weight = uniformParameter([outChannels, c, k], c * k)
    this.bias = bias ? uniformParameter([outChannels], c * k) : null
    this.options = options
  }

  forward(x: Tensor): Tensor {
    return conv1d(x, this.weight, this.bias, this.options)
  }

  /** f(forward(x)), in one kernel. */
  activated(x: Tensor, activation: Activation): Tensor {
    return conv1d(x, this.weight, this.bias, { ...this.options, activation })
  }
}

/**
 * The transposed convolution; see `convTranspose2d`. As in PyTorch, its fan-in comes from the
 * second dimension of the weight, out/groups.
 * x [n, in, h, w]   weight [in, out/groups, kh, kw]   y [n, out, oh, ow]
 */
export class ConvTranspose2d extends Module {
  readonly weight: Tensor
  readonly bias: Tensor | null
  readonly options: ConvTransposeOptions

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size2d,
    given: ConvTransposeOptions & WithBias = {},
  ) {
    super()
    const { bias = true, ...options } = optionsOf('ConvTranspose2d', given, transposeOptions)
    const { groups = 1 } = options
    checkChannels('ConvTranspose2d', inChannels, outChannels, groups)
    convWindows('ConvTranspose2d', options)
    const kernel = pair('ConvTranspose2d', 'kernelSize', kernelSize, 1)
    const c = outChannels / groups
    const fanIn = c * area(kernel)
    this.weight = uniformParameter([inChannels, c, ...kernel], fanIn)
    this.bias = bias ? uniformParameter([outChannels], fanIn) : null
    this.options = options
  }

  forward(x: Tensor): Tensor {
    return convTranspose2d(x, this.weight, this.bias, this.options)
  }

  /** f(forward(x)), in one kernel. */
  activated(x: Tensor, activation: Activation): Tensor {
    return convTranspose2d(x, this.weight, this.bias, { ...this.options, activation })
  }
}

const area = ([h, w]: Pair) => h * w

export function checkChannels(name: string, from: number, to: number, groups: number): void {
  check(
    [from, to, groups].every(n => Number.isInteger(n) && n > 0) &&
      from % groups === 0 &&
      to % groups === 0,
    () =>
      `${name}: ${from} to ${to} channels in groups of ${groups}; ` +
      'all are whole numbers above 0, and groups divides both',
  )
}
