/** What a reader chooses for a training, and how it stands in the address. */

export const models = ['textbook', 'vae', 'mlp', 'conv'] as const
export type ModelName = (typeof models)[number]

export const optimizers = ['adam', 'rmsprop', 'sgd'] as const
export type OptimizerName = (typeof optimizers)[number]

/** Numbers that may change while a training runs. */
export interface Knobs {
  /** Learning rate. */
  readonly lr: number
  /** Standard deviation of the noise on the network's input, where black is 0 and white is 1. */
  readonly noise: number
  /** Weight of the Kullback–Leibler term of the variational autoencoders. */
  readonly beta: number
}

/** All that a training depends on. */
export interface Settings extends Knobs {
  readonly model: ModelName
  /** Numbers in a code of the textbook's variational autoencoder; the others have their own. */
  readonly latent: number
  readonly optimizer: OptimizerName
}

export const batch = 32 // images in a step

export const latents = [2, 3, 10] as const

const usual: Settings = {
  model: 'textbook',
  latent: 2,
  optimizer: 'adam',
  lr: 2e-3,
  noise: 0,
  beta: 0.3,
}

/** What the address says; where it says nothing, or nonsense, the usual. */
export function settingsOf(params: URLSearchParams): Settings {
  const among = <T>(name: string, all: readonly T[], otherwise: T) =>
    all.find(one => String(one) === params.get(name)) ?? otherwise
  const between = (name: string, low: number, high: number, otherwise: number) => {
    const value = Number(params.get(name) ?? Number.NaN)
    return value >= low && value <= high ? value : otherwise
  }
  return {
    model: among('model', models, usual.model),
    latent: among('latent', latents, usual.latent),
    optimizer: among('optimizer', optimizers, usual.optimizer),
    lr: between('lr', 1e-5, 1, usual.lr),
    noise: between('noise', 0, 1, usual.noise),
    beta: between('beta', 0, 10, usual.beta),
  }
}

/** For the address: what differs from the usual, and null for what does not. */
export function differences(settings: Settings): Record<string, string | number | null> {
  const names = Object.keys(usual) as (keyof Settings)[]
  return Object.fromEntries(
    names.map(name => [name, settings[name] === usual[name] ? null : settings[name]]),
  )
}

export const isVariational = ({ model }: Settings) => model === 'textbook' || model === 'vae'
