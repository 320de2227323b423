/** A model of a user's own: its images and its codes, checked. */
import { check } from '../kernels/check.js'
import { type nn, noGrad, scope, Tensor, zeros } from '../node.js'
import { described } from '../tensor/arguments.js'

export interface Owned extends nn.Module<unknown> {
  encoder?: nn.Module<Tensor>
  decoder?: nn.Module<Tensor>
  encode?(x: Tensor): Tensor | [Tensor, ...Tensor[]]
  decode?(codes: Tensor): Tensor
}

/** Tries `forward` on an image. Returns whether it gives [x̂, kld]. @throws Error if it fails */
export function tryForward(path: string, model: Owned, shape: readonly number[]): boolean {
  const one = [1, ...shape]
  model.eval()
  try {
    return scope(() => {
      const given = noGrad(() => [model.forward(zeros(one))].flat()) as unknown[]
      const [y, kld] = given
      check(
        y instanceof Tensor && y.size === 784 && (kld === undefined || kld instanceof Tensor),
        () =>
          `it returned ${y instanceof Tensor ? `[${y.shape}]` : described(y)}; it must return x̂ ` +
          'of 784 pixels, or [x̂, kld]',
      )
      return kld !== undefined
    })
  } catch (error) {
    throw new Error(`${path}: forward of [${one.join(', ')}]: ${(error as Error).message}`)
  } finally {
    model.train()
  }
}

export function codesOf(path: string, model: Owned, x: Tensor): Tensor {
  const code = model.encode ? [model.encode(x)].flat()[0] : model.encoder?.forward(x)
  check(
    code instanceof Tensor,
    () => `${path}: the model has no code; give it encode(x), or an encoder and a decoder`,
  )
  return code
}

export function imagesOf(path: string, model: Owned, codes: Tensor): Tensor {
  const images = model.decode ? model.decode(codes) : model.decoder?.forward(codes)
  check(images, () => `${path}: the model cannot decode; give it decode(codes), or a decoder`)
  return images
}

/** The shape of one image's code; null if the model has none. */
export function shapeOfCode(
  encode: (x: Tensor) => Tensor,
  shape: readonly number[],
): number[] | null {
  let code: number[] | null = null
  try {
    scope(() => {
      code = encode(zeros([1, ...shape])).shape.slice(1)
    })
  } catch {}
  return code
}
