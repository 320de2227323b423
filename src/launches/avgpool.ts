/** Launches of avgpool.wgsl: means over windows of images, and the adjoint. */
import { avgpoolKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import type { Shape } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import type { Pair } from '../tensor/window.js'

/** Which windows of x each make one element of y, and what their sums are divided by. */
export interface Averaging {
  readonly x: Shape
  readonly y: Shape
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Pair
  /** Whether the windows divide the image evenly instead. */
  readonly adaptive: boolean
  readonly countPadding: boolean
  /** 0: the size of the window. */
  readonly divisor: number
}

/** forward: the mean of every window of x. backward: every mean added back over its window. */
export function avgpool(entry: 'forward' | 'backward', source: Tensor, how: Averaging): Tensor {
  const result = empty(entry === 'forward' ? how.y : how.x, 'f32', 'avgPool2d')
  const [h, w] = how.x.slice(-2)
  const [oh, ow] = how.y.slice(-2)
  const [kh, kw] = how.kernel
  const [stride_y, stride_x] = how.stride
  const [padding_y, padding_x] = how.padding
  const size = { h, w, oh, ow, kh, kw, stride_y, stride_x, padding_y, padding_x }
  run(avgpoolKernel, {
    entry,
    constants: { ADAPTIVE: how.adaptive, COUNT_PADDING: how.countPadding },
    params: { n: result.size, ...size, divisor: how.divisor },
    tensors: { source: compact(source), result },
    threads: result.size,
  })
  return result
}
