/**
 * The variational autoencoder as textbooks have it, beside the tutorial's in `vae.ts`.
 *
 * What differs, and what it does. The tutorial puts a ReLU behind its encoder's last layer and reads
 * σ there: μ cannot be negative, so the codes fill one corner of the latent space instead of
 * the whole ball that N(0, 1) draws from, and digits drawn from noise look worse than they could; where the
 * ReLU rests at 0, σ is 0 (no noise at all) and passes no gradient, so such a unit may never move
 * again. Here the last layer is left linear and its second half is read as ln σ²: μ takes either sign, σ =
 * e^(½ ln σ²) is positive whatever the layer says, and gradients pass everywhere. β weighs the
 * Kullback–Leibler term: above 1 the codes come closer to N(0, 1) and drawn digits gain what
 * reconstructions lose (Higgins et al. 2017, "beta-VAE").
 */
import { addcmul } from '../autograd/ops/addcmul.js'
import { mul } from '../autograd/ops/arithmetic.js'
import { exp } from '../autograd/ops/elementwise.js'
import { gaussianKld } from '../autograd/ops/kld.js'
import { reshape } from '../autograd/ops/reshape.js'
import { chunk } from '../autograd/ops/slice.js'
import { check } from '../kernels/check.js'
import { Linear, Module, ReLU, Sequential, Sigmoid } from '../nn/index.js'
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
 * Pixels in [0, 1]. To be trained on  MSE(x̂, x) + kld, kld being weighted with β already.
 */
export class TextbookVAE extends Module<[Tensor, Tensor]> {
  readonly beta: number
  readonly encoder: Sequential
  readonly decoder: Sequential

  constructor({ latent = 10, beta = 1 }: TextbookVAEOptions = {}) {
    super()
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

  /** The distribution of x's latent numbers.   x [b, 1, 28, 28]   μ, ln σ² [b, latent] */
  encode(x: Tensor): [mu: Tensor, logVariance: Tensor] {
    const [mu, logVariance] = chunk(this.encoder.forward(reshape(x, [x.shape[0], 784])), 2, 1)
    return [mu, logVariance]
  }

  /** The picture that latent numbers stand for.   h [b, latent]   x̂ [b, 1, 28, 28] */
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
