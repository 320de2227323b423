/** The mean of every window of an image. */
import { check } from '../../kernels/check.js'
import { type Averaging, avgpool } from '../../launches/avgpool.js'
import { checkList, optionsOf } from '../../tensor/arguments.js'
import { show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { type Pair, pair, type Size2d, windowsIn } from '../../tensor/window.js'
import { record } from '../tape.js'
import { checkFloat } from './operands.js'
import { avgPoolOptions } from './optionnames.js'
import { poolWindows } from './windowoptions.js'

export interface AvgPoolOptions {
  /** Pixels from one window to the next; the kernel's size by default. */
  stride?: Size2d
  /** Zeros added on every side; at most half the kernel; 0 by default. */
  padding?: Size2d
  /** Whether windows that reach past the end are included. */
  ceilMode?: boolean
  /** Whether padding counts in the mean; true by default. Positions past it never count. */
  countIncludePad?: boolean
  /** The divisor of every sum, instead of the window's size. */
  divisorOverride?: number | null
}

/**
 * y[n,c,oy,ox] = mean over ky, kx of x[n,c, oy·stride − padding + ky, …]
 *
 * x [n, c, h, w] or [c, h, w]   y [n, c, oh, ow], oh as `windowsIn` says.
 * @throws Error when x is no image, or an option does not fit
 */
export function avgPool2d(x: Tensor, kernelSize: Size2d, options: AvgPoolOptions = {}): Tensor {
  const op = 'avgPool2d'
  const given = optionsOf(op, options, avgPoolOptions)
  const { countIncludePad = true, divisorOverride = null } = given
  checkImage(op, x)
  const windows = poolWindows(op, kernelSize, given)
  checkDivisor(op, divisorOverride)
  return average(x, {
    ...windows,
    x: x.shape,
    y: [...x.shape.slice(0, -2), ...windowsIn(op, x.shape, windows)],
    adaptive: false,
    countPadding: countIncludePad,
    divisor: divisorOverride ?? 0,
  })
}

/**
 * The image divided evenly into outputSize windows, whatever its size: window o of m along n pixels
 * goes from ⌊o n / m⌋ up to, but without, ⌈(o + 1) n / m⌉. null keeps a size.
 *
 * x [n, c, h, w] or [c, h, w]   y [n, c, ...outputSize]
 * @throws Error when x is no image, or a size is not above 0
 */
export function adaptiveAvgPool2d(
  x: Tensor,
  outputSize: number | readonly [number | null, number | null],
): Tensor {
  const op = 'adaptiveAvgPool2d'
  checkImage(op, x)
  const wanted = typeof outputSize === 'number' ? [outputSize, outputSize] : outputSize
  checkList(op, 'outputSize', wanted, 'a number, or [h, w]')
  const sizes = wanted.map((size, i) => size ?? x.shape[x.rank - 2 + i])
  const y = [...x.shape.slice(0, -2), ...pair(op, 'outputSize', [sizes[0], sizes[1]], 1)]
  const one: Pair = [1, 1]
  return average(x, {
    x: x.shape,
    y,
    kernel: one,
    stride: one,
    padding: [0, 0],
    adaptive: true,
    countPadding: false,
    divisor: 0,
  })
}

function average(x: Tensor, how: Averaging): Tensor {
  return record('avgPool2d', avgpool('forward', x, how), [[x, dy => averageBackward(dy, how)]])
}

/** The adjoint of average. */
function averageBackward(dy: Tensor, how: Averaging): Tensor {
  const dx = avgpool('backward', dy, how)
  return record('avgPool2dBackward', dx, [[dy, ddx => average(ddx, how)]])
}

/** @throws Error unless it is null or a whole number above 0 */
export function checkDivisor(op: string, divisor: number | null): void {
  check(
    divisor === null || (Number.isInteger(divisor) && divisor > 0),
    () => `${op}: divisorOverride is ${divisor}; it must be a whole number above 0`,
  )
}

function checkImage(op: string, x: Tensor): void {
  checkFloat(op, x)
  check(
    (x.rank === 3 || x.rank === 4) && x.shape.slice(-2).every(size => size > 0),
    () => `${op}: x is ${show(x.shape)}; it must be [n, c, h, w] or [c, h, w]`,
  )
}
