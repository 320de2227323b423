/** How softmax, its logarithm and their gradients are computed along a dimension. */
import { softmaxKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { areRowsShared, rowwise } from './rowwise.js'

type Op = 'softmax' | 'logSoftmax'

/** y from x. */
export function softmaxForward(op: Op, x: Tensor, dim: number, together?: boolean): Tensor {
  const result = empty(x.shape, 'f32', op)
  run(softmaxKernel, {
    entry: 'forward',
    tensors: { source: compact(x), result },
    ...common(op, x, dim, together),
  })
  return result
}

/** dx from y and dy. */
export function softmaxBackward(
  op: Op,
  y: Tensor,
  dim: number,
  dy: Tensor,
  together?: boolean,
): Tensor {
  const result = empty(y.shape, 'f32', op)
  run(softmaxKernel, {
    entry: 'backward',
    tensors: { source: compact(y), dy: compact(dy), result },
    ...common(op, y, dim, together),
  })
  return result
}

function common(op: Op, x: Tensor, dim: number, together?: boolean) {
  const size = x.shape[dim] ?? 1
  const rows = size === 0 ? 0 : x.size / size
  const inner = sizeOf(x.shape.slice(dim + 1))
  const { TOGETHER, ...launch } = rowwise(rows, together ?? (inner === 1 && areRowsShared(size)))
  return {
    constants: { LOG: op === 'logSoftmax', TOGETHER },
    params: { rows, size, inner },
    ...launch,
  }
}
