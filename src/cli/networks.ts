/** The autoencoders of the command line: how each is made, fed and judged. */
import { add, models, mseLoss, type nn, randn, reshape, type Tensor } from '../index.js'

/** An autoencoder with all that its training and its uses need. */
export interface Network {
  /** As `--model` has it. */
  readonly name: string
  /** For titles: the sizes of image and code. */
  readonly title: string
  /** What it was made with; another one made with the same takes its weights. */
  readonly options: NetworkOptions
  readonly model: nn.Module<unknown>
  /** The shape of one image, as the model takes it. */
  readonly shape: readonly number[]
  /** The values of black and white. */
  readonly range: readonly [number, number]
  /** Numbers in the code of one image; null if it has no code that is known. */
  readonly latent: number | null
  /** The loss that training minimises: of x's reconstruction against `target`, by default x. */
  loss(x: Tensor, target?: Tensor): Tensor
  /** x̂, of x's shape. */
  reconstruct(x: Tensor): Tensor
  /** The codes [n, latent] of images [n, ...shape]; of a distribution its mean. */
  encode(x: Tensor): Tensor
  /** The images [n, ...shape] of codes [n, latent]. */
  decode(codes: Tensor): Tensor
  /** New images [n, ...shape] from noise, if the model can generate them. */
  generate?(n: number): Tensor
}

export interface NetworkOptions {
  /** Weight of the Kullback–Leibler term of the textbook VAE. */
  beta?: number
  /** Numbers in a code of the textbook VAE. */
  latent?: number
  /** Multiplies the channels of the convolutional autoencoder. */
  width?: number
}

/** An autoencoder before it is made. */
export interface Choice {
  /** Images per step. */
  readonly batch: number
  /** Passes over the drawn digits that the model needs for good results. */
  readonly epochs: number
  /** The options that it knows. */
  readonly knows: readonly (keyof NetworkOptions)[]
  make(options: NetworkOptions): Network
}

export const choices = {
  mlp: {
    batch: 128,
    epochs: 14,
    knows: [],
    make() {
      const model = new models.MLPAutoencoder()
      const title = 'MLP autoencoder: 784 → 3 → 784'
      return plain('mlp', model, { title, shape: [784], code: [3], options: {} })
    },
  },
  conv: {
    batch: 64,
    epochs: 8,
    knows: ['width'],
    make({ width = 1 }) {
      const model = new models.ConvAutoencoder({ width })
      const title = `convolutional autoencoder: 28 × 28 → ${8 * width} × 2 × 2 → 28 × 28`
      const code = [8 * width, 2, 2]
      return plain('conv', model, { title, shape: [1, 28, 28], code, options: { width } })
    },
  },
  vae: {
    batch: 32,
    epochs: 7,
    knows: [],
    make() {
      const model = new models.VariationalAutoencoder()
      const title = 'variational autoencoder: 784 → 10 → 784'
      return variational('vae', model, { title, latent: 10, options: {} })
    },
  },
  textbook: {
    batch: 32,
    epochs: 7,
    knows: ['beta', 'latent'],
    make({ beta = 1, latent = 10 }) {
      const model = new models.TextbookVAE({ beta, latent })
      const title = `textbook VAE: 784 → ${latent} → 784`
      return variational('textbook', model, { title, latent, options: { beta, latent } })
    },
  },
} as const satisfies Record<string, Choice>

export type NetworkName = keyof typeof choices

interface Plain extends nn.Module<Tensor> {
  readonly encoder: nn.Sequential
  readonly decoder: nn.Sequential
}

function plain(
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

function variational(
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
