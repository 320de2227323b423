import { cat } from '../autograd/ops/cat.js'
import { relu, sigmoid } from '../autograd/ops/elementwise.js'
import { check } from '../kernels/check.js'
import { Conv2d, ConvTranspose2d, Module } from '../nn/index.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'

export interface DenoiserOptions {
  /** Multiplies all channels between the images. */
  width?: number
}

/**
 * A network for removing noise: two levels down, and up again. At each level the decoder also sees
 * what the encoder saw, so fine lines need not pass through the narrow middle. There is no code:
 * an image cannot be made from the middle alone.
 *
 *     28 → 28 → 14 → 7 → 14 → 28 → 28      pixels along a side
 *      1 → 16 → 32 → 64 → 32 + 32 → 16 + 16 → 1      channels at width 1
 *
 * Pixels in [0, 1].   x [b, 1, h, w], h and w multiples of 4   x̂ [b, 1, h, w]
 *
 * Vincent et al. 2008, "Extracting and composing robust features with denoising autoencoders";
 * Ronneberger et al. 2015, arXiv:1505.04597.
 */
export class Denoiser extends Module {
  readonly first: Conv2d
  readonly second: Conv2d
  readonly third: Conv2d
  readonly up: ConvTranspose2d
  readonly upper: ConvTranspose2d
  readonly last: Conv2d

  constructor(options: DenoiserOptions = {}) {
    super()
    const { width = 1 } = optionsOf('Denoiser', options, ['width'])
    check(
      Number.isInteger(width) && width > 0,
      () => `Denoiser: width is ${width}; it must be a whole number above 0`,
    )
    const [few, more, most] = [16 * width, 32 * width, 64 * width]
    this.first = new Conv2d(1, few, 3, { padding: 1 }) // [b, 16, 28, 28]
    this.second = new Conv2d(few, more, 3, { padding: 1, stride: 2 }) // [b, 32, 14, 14]
    this.third = new Conv2d(more, most, 3, { padding: 1, stride: 2 }) // [b, 64, 7, 7]
    this.up = new ConvTranspose2d(most, more, 2, { stride: 2 }) // [b, 32, 14, 14]
    this.upper = new ConvTranspose2d(2 * more, few, 2, { stride: 2 }) // [b, 16, 28, 28]
    this.last = new Conv2d(2 * few, 1, 3, { padding: 1 }) // [b, 1, 28, 28]
  }

  forward(x: Tensor): Tensor {
    const a = relu(this.first.forward(x))
    const b = relu(this.second.forward(a))
    const c = relu(this.third.forward(b))
    const d = cat([relu(this.up.forward(c)), b], 1)
    return sigmoid(this.last.forward(cat([relu(this.upper.forward(d)), a], 1)))
  }
}
