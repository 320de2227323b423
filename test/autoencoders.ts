/** The three autoencoders under one interface, for the tests that treat them alike. */
import { pixels } from '../src/data/dataset.js'
import { add, models, mseLoss, type nn, type Tensor, tensor } from '../src/index.js'

export type Autoencoder =
  | models.MLPAutoencoder
  | models.ConvAutoencoder
  | models.VariationalAutoencoder

export interface Kind {
  make(): Autoencoder
  /** The shape of one image, as the model takes it. */
  sample: number[]
  /** Pixels in [−1, 1] or in [0, 1]. */
  scale: { mean: number; std: number }
}

const signed = { mean: 0.5, std: 0.5 }
const unsigned = { mean: 0, std: 1 }

export const kinds: Record<string, Kind> = {
  mlp: { make: () => new models.MLPAutoencoder(), sample: [784], scale: signed },
  conv: { make: () => new models.ConvAutoencoder(), sample: [1, 28, 28], scale: signed },
  vae: { make: () => new models.VariationalAutoencoder(), sample: [1, 28, 28], scale: unsigned },
}

/** A batch's reconstruction and errors:  loss = mse, and + kld where the model is variational. */
export interface Errors {
  out: Tensor
  mse: Tensor
  kld?: Tensor
  loss: Tensor
}

export function errors(model: Autoencoder, x: Tensor, epsilon?: Tensor): Errors {
  if (model instanceof models.VariationalAutoencoder) {
    const [out, kld] = model.forward(x, epsilon)
    const mse = mseLoss(out, x)
    return { out, mse, kld, loss: add(mse, kld) }
  }
  const out = model.forward(x)
  const mse = mseLoss(out, x)
  return { out, mse, loss: mse }
}

/** One step of training. Returns the loss before it. */
export function step(
  model: Autoencoder,
  optimizer: nn.Optimizer,
  x: Tensor,
  epsilon?: Tensor,
): Tensor {
  optimizer.zeroGrad()
  const { loss } = errors(model, x, epsilon)
  loss.backward()
  optimizer.step()
  return loss
}

/** The images of these numbers, as a kind of model takes them.   images n · 28 · 28 bytes */
export function batch({ sample, scale }: Kind, images: Uint8Array, index: Int32Array): Tensor {
  const bytes = new Uint8Array(index.length * 784)
  index.forEach((image, i) => {
    bytes.set(images.subarray(image * 784, (image + 1) * 784), i * 784)
  })
  const count = index.length
  const set = { images: bytes, labels: new Uint8Array(count), count, height: 28, width: 28 }
  return tensor(pixels(set, scale), { shape: [count, ...sample] })
}
