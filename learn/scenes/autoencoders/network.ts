/** The autoencoders of this scene, as the training, the pictures and the plane need them. */
import { add, models, mul, type nn, reshape, sub, type Tensor } from '../../../src/index.js'
import type { Settings } from './settings.js'

/** Grey values lie in [0, 1] on this side of every function; [n, 784]. */
export interface Network {
  readonly model: nn.Module<unknown>
  /** Numbers in a code. */
  readonly latent: number
  /** Its reconstruction and its Kullback–Leibler term, if it has one, for training. */
  learn(x: Tensor): { output: Tensor; kld: Tensor | null }
  /** Grey values as the model has them in its output: what `learn` is compared with. */
  own(x: Tensor): Tensor
  /** The codes [n, latent] of images: of a distribution its mean. */
  encode(x: Tensor): Tensor
  /** The images of codes. */
  decode(codes: Tensor): Tensor
}

/** A network with new weights. */
export function makeNetwork({ model, latent }: Settings): Network {
  if (model === 'mlp') return plain(new models.MLPAutoencoder(), [784], [3])
  if (model === 'conv') return plain(new models.ConvAutoencoder(), [1, 28, 28], [8, 2, 2])
  if (model === 'vae') return variational(new models.VariationalAutoencoder(), 10)
  return variational(new models.TextbookVAE({ latent }), latent) // β is a knob of the training
}

interface Plain extends nn.Module<Tensor> {
  readonly encoder: nn.Sequential
  readonly decoder: nn.Sequential
}

/** An encoder, a code and a decoder; its pixels lie in [−1, 1]. */
function plain(model: Plain, shape: readonly number[], code: readonly number[]): Network {
  const own = (x: Tensor) => reshape(sub(mul(x, 2), 1), [x.shape[0], ...shape])
  const grey = (y: Tensor) => reshape(mul(add(y, 1), 0.5), [y.shape[0], 784])
  const latent = code.reduce((product, size) => product * size)
  return {
    model,
    latent,
    learn: x => ({ output: model.forward(own(x)), kld: null }),
    own,
    encode: x => reshape(model.encoder.forward(own(x)), [x.shape[0], latent]),
    decode: codes => grey(model.decoder.forward(reshape(codes, [codes.shape[0], ...code]))),
  }
}

/** A code drawn from a normal distribution; its pixels lie in [0, 1]. */
function variational(
  model: models.VariationalAutoencoder | models.TextbookVAE,
  latent: number,
): Network {
  const own = (x: Tensor) => reshape(x, [x.shape[0], 1, 28, 28])
  return {
    model,
    latent,
    learn(x) {
      const [output, kld] = model.forward(own(x))
      return { output, kld }
    },
    own,
    encode: x => model.encode(own(x))[0],
    decode: codes => reshape(model.decode(codes), [codes.shape[0], 784]),
  }
}
