/** How the networks of the command line compute: with a code, with a distribution, without. */
import { add, type models, mseLoss, type nn, randn, reshape, type Tensor } from '../index.js'
import type { Network, NetworkOptions } from './network.js'

interface Plain extends nn.Module<Tensor> {
  readonly encoder: nn.Sequential
  readonly decoder: nn.Sequential
}

/** An encoder, a code and a decoder. Pixels in [−1, 1]. */
export function plain(
  name: string,
  model: Plain,
  about: { title: string; shape: number[]; code: number[]; options: NetworkOptions },
): Network {
  const { title, shape, code, options } = about
  const reconstruct = (x: Tensor) => model.forward(x)
  const latent = code.reduce((product, size) => product * size)
  return {
    name,
    title,
    options,
    model,
    shape,
    range: [-1, 1],
    latent,
    reconstruct,
    loss: (x, target = x) => mseLoss(reconstruct(x), target),
    encode: x => reshape(model.encoder.forward(x), [x.shape[0], latent]),
    decode: codes => model.decoder.forward(reshape(codes, [codes.shape[0], ...code])),
  }
}

/** A network whose decoder needs more than a code. Pixels in [0, 1]. */
export function codeless(
  name: string,
  model: nn.Module<Tensor>,
  { title, options }: { title: string; options: NetworkOptions },
): Network {
  const noCode = (): never => {
    throw new Error(`--model ${name}: it has no codes; choose mlp, conv, vae or textbook`)
  }
  const reconstruct = (x: Tensor) => model.forward(x)
  return {
    name,
    title,
    options,
    model,
    shape: [1, 28, 28],
    range: [0, 1],
    latent: null,
    reconstruct,
    loss: (x, target = x) => mseLoss(reconstruct(x), target),
    encode: noCode,
    decode: noCode,
  }
}

/** A code drawn from a normal distribution. Pixels in [0, 1]. */
export function variational(
  name: string,
  model: models.VariationalAutoencoder | models.TextbookVAE,
  about: { title: string; latent: number; options: NetworkOptions },
): Network {
  const { title, latent, options } = about
  return {
    name,
    title,
    options,
    model,
    shape: [1, 28, 28],
    range: [0, 1],
    latent,
    reconstruct: x => model.forward(x)[0],
    loss(x, target = x) {
      const [y, kld] = model.forward(x)
      return add(mseLoss(y, target), kld)
    },
    encode: x => model.encode(x)[0],
    decode: codes => model.decode(codes),
    generate: n => model.decode(randn([n, latent])),
  }
}
