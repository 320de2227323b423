/** The largest element of every window. The first of equal ones wins, and takes the whole gradient. */
import { check } from '../../kernels/check.js'
import { compact } from '../../tensor/contiguous.js'
import { run } from '../../tensor/run.js'
import { show } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { pair, type Size2d, type Windows, windowsIn } from '../../tensor/window.js'
import { type Edge, record } from '../tape.js'
import { beforeActivation } from './activated.js'
import { recordActivated } from './activation.js'
import { checkFloat } from './operands.js'

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
  { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false }: MaxPoolOptions = {},
): [y: Tensor, indices: Tensor] {
  const op = 'maxPool2d'
  checkFloat(op, x)
  check(
    x.rank === 3 || x.rank === 4,
    () => `${op}: x is ${show(x.shape)}; it must be [n, c, h, w] or [c, h, w]`,
  )
  const windows = {
    kernel: pair(op, 'kernelSize', kernelSize, 1),
    stride: pair(op, 'stride', stride, 1),
    padding: pair(op, 'padding', padding, 0),
    dilation: pair(op, 'dilation', dilation, 1),
    ceilMode,
  }
  check(
    windows.padding.every((p, i) => 2 * p <= windows.kernel[i]),
    () =>
      `${op}: padding is ${show(windows.padding)}; at most half the kernel ${show(windows.kernel)}`,
  )
  const shape = [...x.shape.slice(0, -2), ...windowsIn(op, x.shape, windows)]
  const [y, at] = [empty(shape, 'f32', op), empty(shape, 'i32', op)]
  run('maxpool', {
    entry: 'forward',
    params: paramsOf(x, y, windows, rowsOf(y)),
    tensors: { source: compact(x), result: y, chosen: at },
    threads: rowsOf(y),
  })
  // max f(z) = f(max z), as no f ever falls: what comes after may multiply by f′, of fewer numbers than there are in x
  const { z, activation } = beforeActivation(x)
  const edges: Edge[] = [[z, dy => spread(dy, at, x, windows)]]
  return [recordActivated(op, y, activation, edges), at]
}

/** dy put back where the maxima of x came from. */
function spread(dy: Tensor, at: Tensor, x: Tensor, windows: Windows): Tensor {
  const dx = empty(x.shape, 'f32', 'maxPool2d')
  run('maxpool', {
    entry: 'spread',
    constants: { OVERLAP: overlap(windows) },
    params: paramsOf(dx, dy, windows, rowsOf(dx)),
    tensors: { source: compact(dy), at, result: dx },
    threads: rowsOf(dx),
  })
  return record('maxPool2dBackward', dx, [[dy, ddx => pick(ddx, at, windows)]])
}

/** Whether a pixel may lie in several windows. */
function overlap({ kernel, stride, dilation }: Windows): boolean {
  return kernel.some((k, i) => dilation[i] * (k - 1) >= stride[i])
}

function rowsOf({ size, shape }: Tensor): number {
  return size === 0 ? 0 : size / shape.at(-1)!
}

/** What lies where the maxima came from: the adjoint of spread. */
function pick(x: Tensor, at: Tensor, windows: Windows): Tensor {
  const y = empty(at.shape, 'f32', 'maxPool2d')
  run('maxpool', {
    entry: 'pick',
    params: paramsOf(x, y, windows, y.size),
    tensors: { source: compact(x), at, result: y },
    threads: y.size,
  })
  return record('maxPool2dPick', y, [[x, dy => spread(dy, at, x, windows)]])
}

function paramsOf(x: Tensor, y: Tensor, windows: Windows, n: number) {
  const [h, w] = x.shape.slice(-2)
  const [oh, ow] = y.shape.slice(-2)
  const { kernel, stride, padding, dilation } = windows
  return {
    n,
    h,
    w,
    oh,
    ow,
    kh: kernel[0],
    kw: kernel[1],
    stride_y: stride[0],
    stride_x: stride[1],
    padding_y: padding[0],
    padding_x: padding[1],
    dilation_y: dilation[0],
    dilation_x: dilation[1],
  }
}
