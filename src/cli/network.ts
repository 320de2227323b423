/** What the commands need of a network. */
import type { nn, Tensor } from '../index.js'
import { check } from '../kernels/check.js'

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

/** For names of files: the name, or that of a module's file without its ending. */
export function fileNameOf({ name }: Network): string {
  return name.replace(/^.*[\\/]/, '').replace(/\.[cm]?[jt]s$/, '')
}

export interface NetworkOptions {
  /** Weight of the Kullback–Leibler term of the textbook VAE. */
  beta?: number
  /** Numbers in a code of the textbook VAE. */
  latent?: number
  /** Multiplies the channels of the convolutional autoencoder and of the denoiser. */
  width?: number
}

/** From bytes where white is 1 to the values that the network takes: (byte − mean) / std. */
export function scaleOf({ range: [black, white] }: Network): { mean: number; std: number } {
  return { mean: -black / (white - black), std: 1 / (white - black) }
}

/** The size of a network's code. @throws Error of one line when it has none */
export function codeSizeOf({ name, latent }: Network): number {
  check(
    latent !== null,
    () => `--model ${name}: it has no codes; choose mlp, conv, vae or textbook`,
  )
  return latent
}
