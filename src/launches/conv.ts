/** How a convolution and its transpose are computed. Knows sizes and strides, not gradients. */
import { convPackKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import type { Pair } from '../tensor/window.js'
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

/** y[n,o,oy,ox] = b[o] + Σ w[o,c,ky,kx] x[n,c,iy,ix] */
export function convForward(
  x: Tensor,
  w: Tensor,
  shapes: Geometry,
  ending: Ending = {},
  variant: Variant<'conv'> = chooseConv(shapes.w[0] / shapes.groups),
): Tensor {
  const rung = rungNamed(variant)
  const y = empty(shapes.y, 'f32', 'conv2d')
  const channels = shapes.w[0] / shapes.groups
  const work = rung.image(shapes, 'y')
  const { bias, activated, constants } = endingOf(ending, x)
  run(kernelsOf(variant).forward, {
    constants: { ...rung.constants(channels), ...constants },
    params: { ...paramsOf(shapes), threads: 'threads' in work ? work.threads : 0 },
    tensors: {
      x: compact(x),
      w: rung.packs ? pack(w, shapes, { to: 'y', ...rung.constants(channels) }) : compact(w),
      bias,
      activated,
      result: y,
    },
    ...work,
  })
  return y
}

/** x[n,c,iy,ix] = b[c] + Σ w[o,c,ky,kx] y[n,o,oy,ox] */
export function convInput(
  y: Tensor,
  w: Tensor,
  shapes: Geometry,
  ending: Ending = {},
  variant: Variant<'conv'> = chooseConv(shapes.w[1]),
): Tensor {
  const rung = rungNamed(variant)
  const x = empty(shapes.x, 'f32', 'convTranspose2d')
  const channels = shapes.w[1]
  const work = rung.image(shapes, 'x')
  const { bias, activated, constants } = endingOf(ending, y)
  run(kernelsOf(variant).input, {
    constants: { ...rung.constants(channels), ...constants },
    params: { ...paramsOf(shapes), threads: 'threads' in work ? work.threads : 0 },
    tensors: {
      y: compact(y),
      w: rung.packs ? pack(w, shapes, { to: 'x', ...rung.constants(channels) }) : compact(w),
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

/** The weights as [groups, kh · kw, summed, channels], channels of the result side by side. */
function pack(
  w: Tensor,
  { w: [outputs, c, kh, kw], groups }: Geometry,
  { to, CHANNELS = 8 }: { to: 'x' | 'y'; CHANNELS?: number },
): Tensor {
  const o = outputs / groups
  const [summed, channels] = to === 'y' ? [c, o] : [o, c]
  const [along, across]: Pair = to === 'y' ? [1, 0] : [0, 1]
  const row = Math.ceil(channels / CHANNELS) * (CHANNELS / 4)
  const n = groups * kh * kw * summed * row
  const packed = empty([4 * n], 'f32', 'pack')
  run(convPackKernel, {
    constants: { CHANNELS },
    params: {
      n,
      kh,
      kw,
      summed,
      channels,
      w_group: o * w.strides[0],
      w_summed: w.strides[along],
      w_channel: w.strides[across],
      w_row: w.strides[2],
      w_column: w.strides[3],
    },
    tensors: { w, packed },
    threads: n,
  })
  return packed
}
