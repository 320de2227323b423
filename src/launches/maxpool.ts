/** How maxima of windows are computed, and how they are put back where they came from. */
import { maxpoolKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import type { Shape } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import type { Windows } from '../tensor/window.js'

/** y, the maxima of the windows, and at, the position of each in its plane. */
export function maxPool(x: Tensor, shape: Shape, windows: Windows): [y: Tensor, at: Tensor] {
  const [y, at] = [empty(shape, 'f32', 'maxPool2d'), empty(shape, 'i32', 'maxPool2d')]
  run(maxpoolKernel, {
    entry: 'forward',
    tensors: { source: compact(x), result: y, chosen: at },
    params: { n: rowsOf(y), ...sizesOf(x, y), ...geometryOf(windows) },
    threads: rowsOf(y),
  })
  return [y, at]
}

/** dx[at[i]] = Σ dy[i]: each dy goes back to where its maximum came from. */
export function maxPoolScatter(dy: Tensor, at: Tensor, shape: Shape, windows: Windows): Tensor {
  const dx = empty(shape, 'f32', 'maxPool2d')
  run(maxpoolKernel, {
    entry: 'scatter',
    constants: { OVERLAP: overlap(windows) },
    tensors: { source: compact(dy), at, result: dx },
    params: { n: rowsOf(dx), ...sizesOf(dx, dy), ...geometryOf(windows) },
    threads: rowsOf(dx),
  })
  return dx
}

/** y[i] = x[at[i]] */
export function maxPoolGather(x: Tensor, at: Tensor): Tensor {
  const y = empty(at.shape, 'f32', 'maxPool2d')
  run(maxpoolKernel, {
    entry: 'gather',
    tensors: { source: compact(x), at, result: y },
    params: { n: y.size, ...sizesOf(x, y) },
    threads: y.size,
  })
  return y
}

/** Whether a pixel may lie in several windows. */
function overlap({ kernel, stride, dilation }: Windows): boolean {
  return kernel.some((k, i) => dilation[i] * (k - 1) >= stride[i])
}

function rowsOf({ size, shape }: Tensor): number {
  return size === 0 ? 0 : size / shape.at(-1)!
}

function sizesOf(x: Tensor, y: Tensor) {
  const [h, w] = x.shape.slice(-2)
  const [oh, ow] = y.shape.slice(-2)
  return { h, w, oh, ow }
}

function geometryOf({ kernel, stride, padding, dilation }: Windows) {
  return {
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
