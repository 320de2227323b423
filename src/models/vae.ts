/**
 * The variational autoencoder as the PyTorch tutorial defines it. Its encoder ends in a ReLU, so μ
 * and σ are never negative and often exactly 0. `textbook-vae.ts` has the usual one, and explains
 * the difference.
 */
import { addcmul } from '../autograd/ops/addcmul.js'
import { vaeKld } from '../autograd/ops/kld.js'
import { reshape } from '../autograd/ops/reshape.js'
import { chunk } from '../autograd/ops/slice.js'
import { Linear, Module, ReLU, Sequential, Sigmoid } from '../nn/index.js'
import { randnLike } from '../tensor/random.js'
import type { Tensor } from '../tensor/tensor.js'

/**
 * 784 pixels in [0, 1] become a distribution over 10 numbers; a sample of it becomes pixels again.
 *
 *     784 → 256 → 64 → 20 = [μ, σ]      h = μ + σ ε      10 → 64 → 256 → 784
 *
 * Its loss is  MSE(x̂, x) + kld.   Kingma & Welling 2014, arXiv:1312.6114.
 */
export class VariationalAutoencoder extends Module<[Tensor, Tensor]> {
  readonly encoder = new Sequential(
    new Linear(784, 256),
    new ReLU(),
    new Linear(256, 64),
    new ReLU(),
    new Linear(64, 20),
    new ReLU(),
  )

  readonly decoder = new Sequential(
    new Linear(10, 64),
    new ReLU(),
    new Linear(64, 256),
    new ReLU(),
    new Linear(256, 784),
    new Sigmoid(),
  )

  /** The distribution of x's code.   x [b, 1, 28, 28]   μ, σ [b, 10] */
  encode(x: Tensor): [mu: Tensor, sigma: Tensor] {
    const [mu, sigma] = chunk(this.encoder.forward(reshape(x, [x.shape[0], 784])), 2, 1)
    return [mu, sigma]
  }

  /** The image of a code.   h [b, 10]   x̂ [b, 1, 28, 28] */
  decode(h: Tensor): Tensor {
    return reshape(this.decoder.forward(h), [h.shape[0], 1, 28, 28])
  }

  /**
   * The reconstruction x̂ [b, 1, 28, 28] and the Kullback–Leibler term kld [], in nats per pixel.
   * epsilon [b, 10] is drawn from N(0, 1) unless it is given.
   */
  forward(x: Tensor, epsilon?: Tensor): [x: Tensor, kld: Tensor] {
    const [mu, sigma] = this.encode(x)
    const h = addcmul(mu, sigma, epsilon ?? randnLike(sigma))
    return [this.decode(h), vaeKld(mu, sigma)]
  }
}
