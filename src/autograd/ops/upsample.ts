/** Images at another size. */
import { check } from '../../kernels/check.js'
import { type Sampling, upsample } from '../../launches/upsample.js'
import { described, optionsOf } from '../../tensor/arguments.js'
import { show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { type Pair, pair, type Size2d } from '../../tensor/window.js'
import { record } from '../tape.js'
import { checkFloat } from './operands.js'
import { interpolateOptions } from './optionnames.js'

export interface InterpolateOptions {
  /** Pixels of the result along h and w. This or `scaleFactor`. */
  size?: Size2d
  /** Size of the result relative to x along h and w. */
  scaleFactor?: Size2d
  /** One pixel of x, or the mean of four, weighted by their distance. */
  mode?: 'nearest' | 'bilinear'
  /** Whether the centres of the corner pixels of x and y coincide; if not, the corners do. */
  alignCorners?: boolean
}

/**
 * x at another size: with step = size / new size, or 1 / scaleFactor,
 *
 *     nearest     y[…, o] = x[…, ⌊o · step⌋]
 *     bilinear    y[…, o] = (1 − λ) x[…, i] + λ x[…, i + 1]      i + λ = max((o + ½) · step − ½, 0)
 *
 * along h and along w, within the image. With alignCorners  i + λ = o · step, and
 * step = (size − 1) / (new size − 1).
 *
 * x [n, c, h, w]   y [n, c, oh, ow], which is ⌊size · scaleFactor⌋ if that is given
 * @throws Error when x is no batch of images, or size and scaleFactor are both given, or neither
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const given = optionsOf('interpolate', options, interpolateOptions)
  const { size, scaleFactor, mode = 'nearest', alignCorners = false } = given
  checkFloat('interpolate', x)
  check(
    x.rank === 4 && x.shape[2] > 0 && x.shape[3] > 0,
    () => `interpolate: x is ${show(x.shape)}; it must be [n, c, h, w] with pixels in it`,
  )
  check(
    mode === 'nearest' || mode === 'bilinear',
    () => `interpolate: mode '${mode}'; it is 'nearest' or 'bilinear'`,
  )
  check(
    mode === 'bilinear' || !alignCorners,
    () => `interpolate: alignCorners with mode '${mode}'; only 'bilinear' has it`,
  )
  const from: Pair = [x.shape[2], x.shape[3]]
  const [to, ratio] = newSize(from, size, scaleFactor)
  const step = alignCorners
    ? along(i => (to[i] > 1 ? (from[i] - 1) / (to[i] - 1) : 0))
    : along(i => ratio?.[i] ?? from[i] / to[i])
  return resample(x, { from, to, step, bilinear: mode === 'bilinear', alignCorners })
}

/** The size of y, and the step if it does not follow from the sizes. */
function newSize(
  from: Pair,
  size: Size2d | undefined,
  scaleFactor: Size2d | undefined,
): [to: Pair, step: Pair | null] {
  check(
    (size === undefined) !== (scaleFactor === undefined),
    () =>
      `interpolate: size is ${described(size)} and scaleFactor is ` +
      `${described(scaleFactor)}; give one of them`,
  )
  if (size !== undefined) return [pair('interpolate', 'size', size, 1), null]
  const factors = [scaleFactor!, scaleFactor!].flat()
  const to = along(i => Math.floor(from[i] * factors[i]))
  check(
    to.every(n => n > 0 && Number.isFinite(n)),
    () =>
      `interpolate: scaleFactor is ${described(scaleFactor)}, which makes ${show(from)} ` +
      `to ${show(to)}; a pixel must be left`,
  )
  return [to, along(i => 1 / factors[i])]
}

function along(of: (i: 0 | 1) => number): Pair {
  return [of(0), of(1)]
}

/** Linear in x; its adjoint is `resampleBackward`. */
function resample(x: Tensor, how: Sampling): Tensor {
  const y = upsample('forward', x, how)
  return record('interpolate', y, [[x, dy => resampleBackward(dy, how)]])
}

function resampleBackward(dy: Tensor, how: Sampling): Tensor {
  const dx = upsample('backward', dy, how)
  return record('interpolateBackward', dx, [[dy, ddx => resample(ddx, how)]])
}
