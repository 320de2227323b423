import { type ConvTransposeOptions, convTranspose2d } from '../autograd/ops/conv.js'
import { squeeze, unsqueeze } from '../autograd/ops/reshape.js'
import { check } from '../kernels/check.js'
import { checkTensor, optionsOf } from '../tensor/arguments.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { pair } from '../tensor/window.js'
import { checkChannels, transposeOptions, type WithBias } from './conv.js'
import { Module } from './module.js'
import { uniformParameter } from './parameter.js'

/**
 * The transposed convolution along one dimension; see `convTranspose2d`.
 * x [n, in, l]   weight [in, out/groups, k]   y [n, out, ol] with
 * ol = (l − 1)·stride − 2·padding + dilation·(k − 1) + outputPadding + 1
 */
export class ConvTranspose1d extends Module {
  readonly weight: Tensor
  readonly bias: Tensor | null
  readonly options: ConvTransposeOptions<number>

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    given: ConvTransposeOptions<number> & WithBias = {},
  ) {
    super()
    const { bias = true, ...options } = optionsOf('ConvTranspose1d', given, transposeOptions)
    const { groups = 1 } = options
    checkChannels('ConvTranspose1d', inChannels, outChannels, groups)
    const [k] = pair('ConvTranspose1d', 'kernelSize', kernelSize, 1)
    const c = outChannels / groups
    this.weight = uniformParameter([inChannels, c, k], c * k)
    this.bias = bias ? uniformParameter([outChannels], c * k) : null
    this.options = options
  }

  forward(x: Tensor): Tensor {
    checkTensor('ConvTranspose1d', x)
    check(
      x.rank === 2 || x.rank === 3,
      () => `ConvTranspose1d: x is ${show(x.shape)}; it must be [n, in, l] or [in, l]`,
    )
    const { stride = 1, padding = 0, dilation = 1, outputPadding = 0, ...others } = this.options
    const y = convTranspose2d(unsqueeze(x, -2), unsqueeze(this.weight, -2), this.bias, {
      stride: [1, stride],
      padding: [0, padding],
      dilation: [1, dilation],
      outputPadding: [0, outputPadding],
      ...others,
    })
    return squeeze(y, -2)
  }
}
