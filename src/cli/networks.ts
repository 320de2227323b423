/** The autoencoders of the command line: how each is made, fed and judged. */
import { add, models, mseLoss, type nn, randn, type Tensor } from '../index.js'

/** An autoencoder with all that its training needs. */
export interface Network {
  readonly model: nn.Module<unknown>
  /** The shape of one image, as the model takes it. */
  readonly shape: readonly number[]
  /** The values of black and white. */
  readonly range: readonly [number, number]
  /** The loss that training minimises, for a batch x. */
  loss(x: Tensor): Tensor
  /** x̂, of x's shape. */
  reconstruct(x: Tensor): Tensor
  /** New images [n, 1, 28, 28] from noise, if the model can generate them. */
  generate?(n: number): Tensor
}

/** An autoencoder before it is made. */
export interface Choice {
  /** For titles: the sizes of image and code. */
  readonly title: string
  /** Images per step. */
  readonly batch: number
  /** Passes over the drawn digits that the model needs for good results. */
  readonly epochs: number
  make(options: { beta?: number }): Network
}

export const choices = {
  mlp: {
    title: 'MLP autoencoder: 784 → 3 → 784',
    batch: 128,
    epochs: 14,
    make() {
      const model = new models.MLPAutoencoder()
      return plain(model, [784])
    },
  },
  conv: {
    title: 'convolutional autoencoder: 28 × 28 → 8 × 2 × 2 → 28 × 28',
    batch: 64,
    epochs: 8,
    make() {
      const model = new models.ConvAutoencoder()
      return plain(model, [1, 28, 28])
    },
  },
  vae: {
    title: 'variational autoencoder: 784 → 10 → 784',
    batch: 32,
    epochs: 7,
    make() {
      const model = new models.VariationalAutoencoder()
      return variational(model, 10)
    },
  },
  textbook: {
    title: 'textbook VAE: 784 → 10 → 784',
    batch: 32,
    epochs: 7,
    make({ beta }) {
      const model = new models.TextbookVAE({ beta })
      return variational(model, 10)
    },
  },
} as const satisfies Record<string, Choice>

export type NetworkName = keyof typeof choices

function plain(model: nn.Module<Tensor>, shape: readonly number[]): Network {
  const reconstruct = (x: Tensor) => model.forward(x)
  return { model, shape, range: [-1, 1], reconstruct, loss: x => mseLoss(reconstruct(x), x) }
}

function variational(
  model: models.VariationalAutoencoder | models.TextbookVAE,
  latent: number,
): Network {
  return {
    model,
    shape: [1, 28, 28],
    range: [0, 1],
    reconstruct: x => model.forward(x)[0],
    loss(x) {
      const [y, kld] = model.forward(x)
      return add(mseLoss(y, x), kld)
    },
    generate: n => model.decode(randn([n, latent])),
  }
}
