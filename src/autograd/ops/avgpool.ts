/** The mean of every window; spreading each mean back over its window is the way back, and its adjoint. */
import { check } from '../../kernels/check.js'
import { compact } from '../../tensor/contiguous.js'
import { run } from '../../tensor/run.js'
import { type Shape, show } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { type Pair, pair, type Size2d, windowsIn } from '../../tensor/window.js'
import { record } from '../tape.js'
import { checkFloat } from './operands.js'

export interface AvgPoolOptions {
  /** Pixels from one window to the next; the kernel's size by default. */
  stride?: Size2d
  /** Zeros put on at every side; at most half the kernel; 0 by default. */
  padding?: Size2d
  /** Whether windows that reach past the end count. */
  ceilMode?: boolean
  /** Whether padding counts in the mean; true by default. What lies past padding never does. */
  countIncludePad?: boolean
  /** What sums are divided by, instead of the window's size. */
  divisorOverride?: number | null
}

interface Plan {
  readonly x: Shape
  readonly y: Shape
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Pair
  readonly adaptive: boolean
  readonly countPadding: boolean
  readonly divisor: number
}

/**
 * y[n,c,oy,ox] = mean over ky, kx of x[n,c, oy·stride − padding + ky, …]
 *
 * x [n, c, h, w] or [c, h, w]   y [n, c, oh, ow], oh as `windowsIn` says.
 * @throws Error when x is no image, or an option does not fit
 */
export function avgPool2d(
  x: Tensor,
  kernelSize: Size2d,
  {
    stride = kernelSize,
    padding = 0,
    ceilMode = false,
    countIncludePad = true,
    divisorOverride = null,
  }: AvgPoolOptions = {},
): Tensor {
  const op = 'avgPool2d'
  checkImage(op, x)
  const kernel = pair(op, 'kernelSize', kernelSize, 1)
  const windows = {
    kernel,
    stride: pair(op, 'stride', stride, 1),
    padding: pair(op, 'padding', padding, 0),
    dilation: [1, 1] as const,
    ceilMode,
  }
  check(
    windows.padding.every((p, i) => 2 * p <= kernel[i]),
    () => `${op}: padding is ${show(windows.padding)}; at most half the kernel ${show(kernel)}`,
  )
  check(
    divisorOverride === null || (Number.isInteger(divisorOverride) && divisorOverride > 0),
    () => `${op}: divisorOverride is ${divisorOverride}; it must be a whole number above 0`,
  )
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
 * The plane shared out evenly among outputSize windows, whatever its size: window o of m along n pixels runs
 * from ⌊o n / m⌋ up to ⌈(o + 1) n / m⌉. null keeps a size.
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

function average(x: Tensor, plan: Plan): Tensor {
  return record('avgPool2d', launch('forward', x, plan), [[x, dy => spread(dy, plan)]])
}

/** The adjoint of average. */
function spread(y: Tensor, plan: Plan): Tensor {
  return record('avgPool2dBackward', launch('spread', y, plan), [[y, dx => average(dx, plan)]])
}

function launch(entry: 'forward' | 'spread', from: Tensor, plan: Plan): Tensor {
  const result = empty(entry === 'forward' ? plan.y : plan.x, 'f32', 'avgPool2d')
  const [h, w] = plan.x.slice(-2)
  const [oh, ow] = plan.y.slice(-2)
  const { kernel, stride, padding, adaptive, countPadding, divisor } = plan
  run('avgpool', {
    entry,
    constants: { ADAPTIVE: adaptive, COUNT_PADDING: countPadding },
    params: {
      n: result.size,
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
      divisor,
    },
    tensors: { source: compact(from), result },
    threads: result.size,
  })
  return result
}

function checkImage(op: string, x: Tensor): void {
  checkFloat(op, x)
  check(
    (x.rank === 3 || x.rank === 4) && x.shape.slice(-2).every(size => size > 0),
    () => `${op}: x is ${show(x.shape)}; it must be [n, c, h, w] or [c, h, w]`,
  )
}
