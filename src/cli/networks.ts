/** The autoencoders of the command line: how each is made, fed and judged. */
import { models } from '../index.js'
import type { Network, NetworkOptions } from './network.js'
import { codeless, plain, variational } from './networkkinds.js'

export { fileNameOf, type Network, type NetworkOptions } from './network.js'

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
  denoiser: {
    batch: 64,
    epochs: 4,
    knows: ['width'],
    make({ width = 1 }) {
      const model = new models.Denoiser({ width })
      const title = `denoiser: 28 × 28 → ${64 * width} × 7 × 7 → 28 × 28, with shortcuts`
      return codeless('denoiser', model, { title, options: { width } })
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
