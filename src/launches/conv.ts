/** How a convolution and its transpose are computed. Knows sizes and strides, not gradients. */
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { paysToPack, weightsFor } from './convpack.js'
import { type Geometry, paramsOf } from './geometry.js'
import { type ConvRung, convRungs } from './rungs/conv.js'
import { rungOf } from './rungs/rung.js'
import type { Variant } from './variants.js'

/** What a kernel does to its result on the way to memory. */
export interface Ending {
  /** [channels of the result] */
  readonly bias?: Tensor | null
  /** The code of f: see activation.ts. */
  readonly activation?: number
  /** An f(z) of the result's shape, and the code of f: the result is multiplied by f′(z). */
  readonly behind?: { readonly y: Tensor; readonly activation: number }
}

/** y[n,o,oy,ox] = b[o] + Σ w[o,c,ky,kx] x[n,c,iy,ix].   `packs` is given by tests alone. */
export function convForward(
  x: Tensor,
  w: Tensor,
  shapes: Geometry,
  ending: Ending = {},
  variant: Variant<'conv'> = chooseConv(shapes.w[0] / shapes.groups),
  packs = paysToPack(shapes),
): Tensor {
  const rung = rungNamed(variant)
  const y = empty(shapes.y, 'f32', 'conv2d')
  const channels = shapes.w[0] / shapes.groups
  const work = rung.image(shapes, 'y')
  const { PACKED, ...weights } = weightsFor(rung, w, shapes, 'y', packs)
  const { bias, activated, constants } = endingOf(ending, x)
  run(kernelsOf(variant).forward, {
    constants: { ...rung.constants(channels), ...PACKED, ...constants },
    params: { ...paramsOf(shapes), threads: 'threads' in work ? work.threads : 0 },
    tensors: {
      x: compact(x),
      ...weights,
      bias,
      activated,
      result: y,
    },
    ...work,
  })
  return y
}

/** x[n,c,iy,ix] = b[c] + Σ w[o,c,ky,kx] y[n,o,oy,ox].   `packs` is given by tests alone. */
export function convInput(
  y: Tensor,
  w: Tensor,
  shapes: Geometry,
  ending: Ending = {},
  variant: Variant<'conv'> = chooseConv(shapes.w[1]),
  packs = paysToPack(shapes),
): Tensor {
  const rung = rungNamed(variant)
  const x = empty(shapes.x, 'f32', 'convTranspose2d')
  const channels = shapes.w[1]
  const work = rung.image(shapes, 'x')
  const { PACKED, ...weights } = weightsFor(rung, w, shapes, 'x', packs)
  const { bias, activated, constants } = endingOf(ending, y)
  run(kernelsOf(variant).input, {
    constants: { ...rung.constants(channels), ...PACKED, ...constants },
    params: { ...paramsOf(shapes), threads: 'threads' in work ? work.threads : 0 },
    tensors: {
      y: compact(y),
      ...weights,
      bias,
      activated,
      result: x,
    },
    ...work,
  })
  return x
}

/** The variant in use, unless another one pays more for so many channels of the result and taps. */
export function chooseConv(channels: number, taps = Infinity): Variant<'conv'> {
  const wanted: ConvRung & { readonly name: Variant<'conv'> } = rungOf('conv', convRungs)
  return wanted.serves() && (wanted.pays?.(channels, taps) ?? true) ? wanted.name : 'register'
}

export function rungNamed(variant: Variant<'conv'>): ConvRung {
  return convRungs.find(({ name }) => name === variant)!
}

export function kernelsOf(variant: Variant<'conv'>) {
  return convRungs.find(({ name }) => name === variant)!.kernels
}

function endingOf({ bias = null, activation = 0, behind }: Ending, unused: Tensor) {
  return {
    bias: bias ? compact(bias) : unused,
    activated: behind ? compact(behind.y) : unused,
    constants: {
      BIAS: bias !== null,
      ACTIVATION: activation,
      BEHIND: behind?.activation ?? 0,
    },
  }
}
