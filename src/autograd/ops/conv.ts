/** Convolutions and transposed convolutions: their options and sizes, checked. */
import { check } from '../../kernels/check.js'
import type { Activation } from '../../launches/activation.js'
import { checkOptional, checkTensor, optionsOf } from '../../tensor/arguments.js'
import { sameShape, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { type Pair, type Size2d, windowsIn } from '../../tensor/window.js'
import { xFrom, yFrom } from './convolution.js'
import { checkFloat } from './operands.js'
import { convOptions, convTransposeOptions } from './optionnames.js'
import { squeeze, unsqueeze } from './reshape.js'
import { convWindows } from './windowoptions.js'

export interface ConvOptions<S = Size2d> {
  /** Pixels from one window to the next; 1 by default. */
  stride?: S
  /** Zeros put on at every side; 0 by default. */
  padding?: S
  /** Pixels from one tap of a window to the next; 1 by default. */
  dilation?: S
  /** Channels are split into so many groups that see nothing of each other; 1 by default. */
  groups?: number
  /** f, computed along with the convolution: y = f(…); none by default. */
  activation?: Activation | null
}

export interface ConvTransposeOptions<S = Size2d> extends ConvOptions<S> {
  /** Rows and columns added at the bottom and right: which of several possible sizes is meant. */
  outputPadding?: S
}

/**
 * y[n,o,oy,ox] = b[o] + Σ_{c,ky,kx} w[o,c,ky,kx] · x[n,c, oy·stride − padding + ky·dilation, …]
 *
 * x [n, in, h, w] or [in, h, w]   w [out, in/groups, kh, kw]   b [out]   y [n, out, oh, ow] with
 * oh = ⌊(h + 2·padding − dilation·(kh − 1) − 1) / stride⌋ + 1.
 * @throws Error when sizes do not fit
 */
export function conv2d(x: Tensor, w: Tensor, b?: Tensor | null, options: ConvOptions = {}): Tensor {
  checkTensor('conv2d', x, w)
  checkOptional('conv2d', b)
  const given = optionsOf('conv2d', options, convOptions)
  const { groups = 1, activation = null } = given
  if (x.rank === 3) return squeeze(conv2d(unsqueeze(x, 0), w, b, options), 0)
  checkFloat('conv2d', x, w, ...(b ? [b] : []))
  checkGroups('conv2d', groups)
  const { stride, padding, dilation } = convWindows('conv2d', given)
  check(
    x.rank === 4 &&
      w.rank === 4 &&
      x.shape[1] === w.shape[1] * groups &&
      w.shape[0] % groups === 0 &&
      (!b || sameShape(b.shape, [w.shape[0]])),
    () =>
      `conv2d: ${sizes(x, w, b, groups)}; x is [n, in, h, w], ` +
      'the weight [out, in/groups, kh, kw], the bias [out], groups divides in and out',
  )
  const kernel: Pair = [w.shape[2], w.shape[3]]
  const windows = { kernel, stride, padding, dilation, ceilMode: false }
  const size = windowsIn('conv2d', x.shape, windows)
  check(
    size.every(n => n > 0) && w.size > 0,
    () =>
      `conv2d: ${sizes(x, w, b, groups)}; a window of ${show(w.shape.slice(2))} with dilation ` +
      `${show(dilation)} is larger than the image with padding ${show(padding)}`,
  )
  const y = [x.shape[0], w.shape[0], ...size]
  const shapes = { x: x.shape, y, w: w.shape, stride, padding, dilation, groups }
  return yFrom(x, w, b ?? null, shapes, activation)
}

/**
 * The adjoint of conv2d with the same weight and options: every pixel of x adds to a window of y.
 *
 *     y[n,o,oy,ox] = b[o] + Σ w[c,o,ky,kx] · x[n,c,iy,ix]   oy = iy·stride − padding + ky·dilation
 *
 * x [n, in, h, w] or [in, h, w]   w [in, out/groups, kh, kw]   b [out]   y [n, out, oh, ow] with
 * oh = (h − 1)·stride − 2·padding + dilation·(kh − 1) + outputPadding + 1.
 * @throws Error when sizes do not fit
 */
export function convTranspose2d(
  x: Tensor,
  w: Tensor,
  b?: Tensor | null,
  options: ConvTransposeOptions = {},
): Tensor {
  checkTensor('convTranspose2d', x, w)
  checkOptional('convTranspose2d', b)
  const given = optionsOf('convTranspose2d', options, convTransposeOptions)
  const { groups = 1, activation = null } = given
  if (x.rank === 3) return squeeze(convTranspose2d(unsqueeze(x, 0), w, b, options), 0)
  checkFloat('convTranspose2d', x, w, ...(b ? [b] : []))
  checkGroups('convTranspose2d', groups)
  const { stride, padding, dilation, outputPadding: extra } = convWindows('convTranspose2d', given)
  const out = w.rank === 4 ? w.shape[1] * groups : 0
  check(
    x.rank === 4 &&
      w.rank === 4 &&
      x.shape[1] === w.shape[0] &&
      w.shape[0] % groups === 0 &&
      (!b || sameShape(b.shape, [out])),
    () =>
      `convTranspose2d: ${sizes(x, w, b, groups)}; x is [n, in, h, w], ` +
      'the weight [in, out/groups, kh, kw], the bias [out], groups divides in and out',
  )
  const size = [0, 1].map(
    i =>
      (x.shape[i + 2] - 1) * stride[i] -
      2 * padding[i] +
      dilation[i] * (w.shape[i + 2] - 1) +
      extra[i] +
      1,
  )
  check(
    size.every(n => n > 0) && w.size > 0,
    () =>
      `convTranspose2d: ${sizes(x, w, b, groups)}; the result would be ${show(size)}: ` +
      'less padding, or a larger image',
  )
  const y = [x.shape[0], out, ...size]
  const shapes = { x: y, y: x.shape, w: w.shape, stride, padding, dilation, groups }
  return xFrom(x, w, b ?? null, shapes, activation)
}

function checkGroups(op: string, groups: number): void {
  check(
    Number.isInteger(groups) && groups > 0,
    () => `${op}: groups is ${groups}; it must be a whole number above 0`,
  )
}

/** The shapes of a call in words, for messages. */
export function sizes(x: Tensor, w: Tensor, b: Tensor | null | undefined, groups: number): string {
  const bias = b ? `, the bias ${show(b.shape)}` : ''
  const split = groups > 1 ? `, groups ${groups}` : ''
  return `x is ${show(x.shape)}, the weight ${show(w.shape)}${bias}${split}`
}
