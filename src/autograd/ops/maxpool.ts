/** The largest element of every window. The first of equal ones wins and gets all the gradient. */
import { check } from '../../kernels/check.js'
import { maxPool, maxPoolGather, maxPoolScatter } from '../../launches/maxpool.js'
import { optionsOf } from '../../tensor/arguments.js'
import { type Shape, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { type Size2d, type Windows, windowsIn } from '../../tensor/window.js'
import { recordCommuting } from '../fuse.js'
import { record } from '../tape.js'
import { checkFloat } from './operands.js'
import { maxPoolOptions } from './optionnames.js'
import { poolWindows } from './windowoptions.js'

export interface MaxPoolOptions {
  /** Pixels from one window to the next; the kernel's size by default. */
  stride?: Size2d
  /** What is put on at every side and never wins; at most half the kernel; 0 by default. */
  padding?: Size2d
  /** Pixels from one element of a window to the next; 1 by default. */
  dilation?: Size2d
  /** Whether windows that reach past the end count. */
  ceilMode?: boolean
}

/**
 * y[n,c,oy,ox] = max_{ky,kx} x[n,c, oy·stride − padding + ky·dilation, …]
 *
 * x [n, c, h, w] or [c, h, w]   y [n, c, oh, ow], oh as `windowsIn` says. NaN wins over all.
 * @throws Error when x is no image, or an option does not fit
 */
export function maxPool2d(x: Tensor, kernelSize: Size2d, options: MaxPoolOptions = {}): Tensor {
  return maxPool2dWithIndices(x, kernelSize, options)[0]
}

/** As maxPool2d, and beside it where each maximum lay in its plane: iy · w + ix, as i32. */
export function maxPool2dWithIndices(
  x: Tensor,
  kernelSize: Size2d,
  options: MaxPoolOptions = {},
): [y: Tensor, indices: Tensor] {
  const op = 'maxPool2d'
  const given = optionsOf(op, options, maxPoolOptions)
  checkFloat(op, x)
  check(
    x.rank === 3 || x.rank === 4,
    () => `${op}: x is ${show(x.shape)}; it must be [n, c, h, w] or [c, h, w]`,
  )
  const windows = poolWindows(op, kernelSize, given)
  const shape = [...x.shape.slice(0, -2), ...windowsIn(op, x.shape, windows)]
  const [y, at] = maxPool(x, shape, windows)
  return [recordCommuting(op, y, x, dy => scatter(dy, at, x.shape, windows)), at]
}

/** dx[at[i]] = Σ dy[i]: each dy goes back to where its maximum came from. */
function scatter(dy: Tensor, at: Tensor, shape: Shape, windows: Windows): Tensor {
  return record('maxPool2dBackward', maxPoolScatter(dy, at, shape, windows), [
    [dy, ddx => gatherAt(ddx, at, windows)],
  ])
}

/** y[i] = x[at[i]]: the adjoint of scatter. */
function gatherAt(x: Tensor, at: Tensor, windows: Windows): Tensor {
  return record('maxPool2dGather', maxPoolGather(x, at), [
    [x, dy => scatter(dy, at, x.shape, windows)],
  ])
}
