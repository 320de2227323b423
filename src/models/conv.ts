import { check } from '../kernels/check.js'
import { Conv2d, ConvTranspose2d, MaxPool2d, Module, ReLU, Sequential, Tanh } from '../nn/index.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'

export interface ConvAutoencoderOptions {
  /** Multiplies the channels between image and code: 1 is the tutorial's network. */
  width?: number
}

/**
 * The convolutional autoencoder: an image with pixels in [−1, 1] encoded in 8 channels of 2 × 2
 * numbers, and decoded again.
 *
 *     28 → 10 → 5 → 3 → 2 → 5 → 15 → 28      pixels along a side
 *      1 → 16 → 16 → 8 → 8 → 16 → 8 → 1      channels
 *
 * x [b, 1, 28, 28]   latent [b, 8·width, 2, 2]   x̂ [b, 1, 28, 28]
 */
export class ConvAutoencoder extends Module {
  readonly encoder: Sequential
  readonly decoder: Sequential

  constructor(options: ConvAutoencoderOptions = {}) {
    super()
    const { width = 1 } = optionsOf('ConvAutoencoder', options, ['width'])
    check(
      Number.isInteger(width) && width > 0,
      () => `ConvAutoencoder: width is ${width}; it must be a whole number above 0`,
    )
    const [many, few] = [16 * width, 8 * width]
    this.encoder = new Sequential(
      new Conv2d(1, many, 3, { stride: 3, padding: 1 }), // [b, 16, 10, 10]
      new ReLU(),
      new MaxPool2d(2, { stride: 2 }), // [b, 16, 5, 5]
      new Conv2d(many, few, 3, { stride: 2, padding: 1 }), // [b, 8, 3, 3]
      new ReLU(),
      new MaxPool2d(2, { stride: 1 }), // [b, 8, 2, 2]
    )
    this.decoder = new Sequential(
      new ConvTranspose2d(few, many, 3, { stride: 2 }), // [b, 16, 5, 5]
      new ReLU(),
      new ConvTranspose2d(many, few, 5, { stride: 3, padding: 1 }), // [b, 8, 15, 15]
      new ReLU(),
      new ConvTranspose2d(few, 1, 2, { stride: 2, padding: 1 }), // [b, 1, 28, 28]
      new Tanh(),
    )
  }

  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.encoder.forward(x))
  }
}
