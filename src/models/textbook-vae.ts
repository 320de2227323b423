/**
 * The variational autoencoder of the textbooks, beside the tutorial's in `vae.ts`.
 *
 * The tutorial has a ReLU after its encoder's last layer, and reads μ and σ from it. So μ cannot be
 * negative: the codes fill one corner of the latent space instead of the whole ball of N(0, 1), and
 * digits generated from noise look worse. And where the ReLU is 0, σ is 0 (no noise) and has no
 * gradient, so it may stay 0 for ever. Here the last layer is linear and its second half is ln σ²:
 * μ may have either sign, σ = e^(½ ln σ²) is always positive, and all gradients pass. β is the
 * weight of the Kullback–Leibler term. With β above 1 the codes come closer to N(0, 1): generated
 * digits get better, reconstructions worse (Higgins et al. 2017, "beta-VAE").
 */

import { addcmul } from '../autograd/ops/addcmul.js'
import { mul } from '../autograd/ops/arithmetic.js'
import { exp } from '../autograd/ops/elementwise.js'
import { gaussianKld } from '../autograd/ops/kld.js'
import { reshape } from '../autograd/ops/reshape.js'
import { chunk } from '../autograd/ops/slice.js'
import { check } from '../kernels/check.js'
import { Linear, Module, ReLU, Sequential, Sigmoid } from '../nn/index.js'
import { optionsOf } from '../tensor/arguments.js'
import { randnLike } from '../tensor/random.js'
import type { Tensor } from '../tensor/tensor.js'

export interface TextbookVAEOptions {
  /** Numbers in a code. */
  latent?: number
  /** Weight of the Kullback–Leibler term. */
  beta?: number
}

/**
 *   784 → 256 → 64 → 2·latent = [μ, ln σ²]      h = μ + e^(½ ln σ²) ε      latent → 64 → 256 → 784
 *
 * Pixels in [0, 1]. The loss is  MSE(x̂, x) + kld; kld contains the factor β already.
 */
export class TextbookVAE extends Module<[Tensor, Tensor]> {
  readonly beta: number
  readonly encoder: Sequential
  readonly decoder: Sequential

  constructor(options: TextbookVAEOptions = {}) {
    super()
    const { latent = 10, beta = 1 } = optionsOf('TextbookVAE', options, ['latent', 'beta'])
    check(beta >= 0, () => `TextbookVAE: beta is ${beta}; it must be from 0 up`)
    this.beta = beta
    this.encoder = new Sequential(
      new Linear(784, 256),
      new ReLU(),
      new Linear(256, 64),
      new ReLU(),
      new Linear(64, 2 * latent),
    )
    this.decoder = new Sequential(
      new Linear(latent, 64),
      new ReLU(),
      new Linear(64, 256),
      new ReLU(),
      new Linear(256, 784),
      new Sigmoid(),
    )
  }

  /** The distribution of x's code.   x [b, 1, 28, 28]   μ, ln σ² [b, latent] */
  encode(x: Tensor): [mu: Tensor, logVariance: Tensor] {
    const [mu, logVariance] = chunk(this.encoder.forward(reshape(x, [x.shape[0], 784])), 2, 1)
    return [mu, logVariance]
  }

  /** The image of a code.   h [b, latent]   x̂ [b, 1, 28, 28] */
  decode(h: Tensor): Tensor {
    return reshape(this.decoder.forward(h), [h.shape[0], 1, 28, 28])
  }

  /**
   * The reconstruction x̂ [b, 1, 28, 28] and β times the Kullback–Leibler term, in nats per pixel.
   * epsilon [b, latent] is drawn from N(0, 1) unless it is given.
   */
  forward(x: Tensor, epsilon?: Tensor): [x: Tensor, kld: Tensor] {
    const [mu, logVariance] = this.encode(x)
    const sigma = exp(mul(logVariance, 0.5))
    const h = addcmul(mu, sigma, epsilon ?? randnLike(sigma))
    return [this.decode(h), mul(gaussianKld(mu, logVariance), this.beta)]
  }
}
