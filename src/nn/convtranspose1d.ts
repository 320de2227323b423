import type { ConvTransposeOptions } from '../autograd/ops/conv.js'
import { convTranspose1d } from '../autograd/ops/conv1d.js'
import { alongRow, convWindows } from '../autograd/ops/windowoptions.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { single } from '../tensor/window.js'
import { checkChannels, transposeOptions, type WithBias } from './conv.js'
import { Module } from './module.js'
import { uniformParameter } from './parameter.js'

/**
 * The transposed convolution along one dimension; see `convTranspose1d`.
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
    convWindows('ConvTranspose1d', alongRow('ConvTranspose1d', options))
    const k = single('ConvTranspose1d', 'kernelSize', kernelSize, 1)
    const c = outChannels / groups
    this.weight = uniformParameter([inChannels, c, k], c * k)
    this.bias = bias ? uniformParameter([outChannels], c * k) : null
    this.options = options
  }

  forward(x: Tensor): Tensor {
    return convTranspose1d(x, this.weight, this.bias, this.options)
  }
}
