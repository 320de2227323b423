/** Noise for images: what a denoising autoencoder is trained on, and judged by. */
import {
  add,
  arange,
  floor,
  less,
  maximum,
  mul,
  rand,
  randn,
  reshape,
  type Tensor,
  where,
} from '../index.js'
import { check } from '../kernels/check.js'

export type NoiseKind = 'gaussian' | 'salt-pepper' | 'mask'

export interface Noise {
  readonly kind: NoiseKind
  readonly amount: number
}

/** What `amount` means, its largest value, and its value where none is given. */
export const noises: Record<NoiseKind, { amount: string; most: number; usual: number }> = {
  gaussian: { amount: 'the standard deviation, where white is 1', most: 10, usual: 0.3 },
  'salt-pepper': {
    amount: 'the part of the pixels that become black or white',
    most: 1,
    usual: 0.2,
  },
  mask: {
    amount: "the side of a black square, as a part of the image's side",
    most: 1,
    usual: 0.4,
  },
}

/**
 * Images with noise, in the values of the model; `range` has the values of black and white.
 *
 *     gaussian      y = x + amount · (white − black) · ε,  ε from N(0, 1); not cut to the range
 *     salt-pepper   with probability `amount` a pixel is black or white, either as likely
 *     mask          one black square per image, at a random place inside of it
 *
 * x [n, ..., h, w] or [n, h · w] with h = w.   y of x's shape
 *
 * A compiled step draws new noise at every replay. The numbers come from the engine's generator.
 * @throws Error when the amount is out of its range
 */
export function addNoise(
  x: Tensor,
  { kind, amount }: Noise,
  [black, white]: readonly [number, number],
): Tensor {
  checkNoise({ kind, amount })
  const { shape } = x
  if (kind === 'gaussian') return add(x, mul(randn(shape), amount * (white - black)))
  if (kind === 'salt-pepper') {
    const changed = rand(shape)
    return where(less(changed, amount / 2), black, where(less(changed, amount), white, x))
  }
  return masked(x, amount, black)
}

/** @throws Error unless it is a known kind, with an amount that it can have */
export function checkNoise({ kind, amount }: Noise): void {
  const kinds = Object.keys(noises)
  check(kinds.includes(kind), () => `noise: ${kind}; there are ${kinds.join(', ')}`)
  const { most, amount: meaning } = noises[kind]
  check(
    amount > 0 && amount <= most,
    () => `noise: ${kind} with ${amount}; it is ${meaning}, above 0 and at most ${most}`,
  )
}

/** A kind of noise with an amount, or with its usual one. @throws Error when it cannot have it */
export function usualNoise(kind: NoiseKind, amount = noises[kind].usual): Noise {
  checkNoise({ kind, amount })
  return { kind, amount }
}

/** `gaussian:0.3`, or `gaussian` with its usual amount. @throws Error of one line */
export function parseNoise(text: string): Noise {
  const [kind, amount, ...rest] = text.split(':')
  check(
    rest.length === 0 && amount !== '',
    () => `noise: ${text}; write a kind and an amount, such as gaussian:0.3`,
  )
  const known = Object.hasOwn(noises, kind) ? noises[kind as NoiseKind] : undefined
  const noise = { kind: kind as NoiseKind, amount: Number(amount ?? known?.usual ?? Number.NaN) }
  checkNoise(noise)
  return noise
}

function masked(x: Tensor, amount: number, black: number): Tensor {
  const n = x.shape[0]
  const [height, width] = x.shape.length > 2 ? x.shape.slice(-2) : square(x.shape[1])
  /** |pixel − middle| / side of the square, along one side of the image. */
  const distance = (size: number, shape: [number, number]) => {
    const side = Math.max(1, Math.round(amount * size))
    const first = floor(mul(rand([n, 1, 1]), size - side + 1))
    const pixel = arange(0, size, 1, { dtype: 'f32' }).reshape(shape)
    return pixel
      .sub(add(first, (side - 1) / 2))
      .abs()
      .div(side)
  }
  const inside = maximum(distance(height, [height, 1]), distance(width, [1, width])).less(0.5)
  const images = reshape(x, [n, -1, height, width])
  return reshape(where(reshape(inside, [n, 1, height, width]), black, images), x.shape)
}

function square(size: number): [number, number] {
  const side = Math.sqrt(size)
  check(
    Number.isInteger(side),
    () => `noise: mask of ${size} pixels; rows of pixels must be square images`,
  )
  return [side, side]
}
