import { Linear, Module, ReLU, Sequential, Tanh } from '../nn/index.js'
import type { Tensor } from '../tensor/tensor.js'

/**
 * The multi-layer perceptron autoencoder: 784 pixels in [−1, 1] encoded in 3 numbers, and decoded.
 *
 *     784 → 128 → 64 → 12 → 3 → 12 → 64 → 128 → 784
 *
 * ReLU between layers, tanh at the end.   x [b, 784]   latent [b, 3]   x̂ [b, 784]
 */
export class MLPAutoencoder extends Module {
  readonly encoder = new Sequential(
    new Linear(784, 128),
    new ReLU(),
    new Linear(128, 64),
    new ReLU(),
    new Linear(64, 12),
    new ReLU(),
    new Linear(12, 3),
  )

  readonly decoder = new Sequential(
    new Linear(3, 12),
    new ReLU(),
    new Linear(12, 64),
    new ReLU(),
    new Linear(64, 128),
    new ReLU(),
    new Linear(128, 784),
    new Tanh(),
  )

  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.encoder.forward(x))
  }
}
