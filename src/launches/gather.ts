/** Launches of gather.wgsl: elements taken by an index along a dimension, and the adjoint. */
import { gatherKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { bitsOf } from '../tensor/dtype.js'
import { run } from '../tensor/run.js'
import { type Shape, sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** y[…, k, …] = x[…, index[…, k, …], …], where x and the index differ in size along d alone. */
export function gatherElements(x: Tensor, d: number, index: Tensor): Tensor {
  const y = empty(index.shape, x.dtype, 'gather')
  run(gatherKernel, {
    entry: 'forward',
    params: { ...sizes(x.shape, d, index), n: y.size, missing: missing(x) },
    tensors: { source: compact(x), index: compact(index), result: y },
    threads: y.size,
  })
  return y
}

/** x[…, j, …] = Σ y[…, k, …] over the k with index[…, k, …] = j. */
export function scatterAddElements(y: Tensor, d: number, index: Tensor, shape: Shape): Tensor {
  const x = empty(shape, y.dtype, 'scatterAdd')
  run(gatherKernel, {
    entry: 'backward',
    params: { ...sizes(shape, d, index), n: x.size },
    tensors: { source: compact(y), index: compact(index), result: x },
    threads: x.size,
  })
  return x
}

/** The bits for an index outside of x: NaN, or 0 where x has whole numbers. */
export function missing(x: Tensor): number {
  return bitsOf(x.dtype === 'f32' ? NaN : 0, x.dtype)
}

function sizes(shape: Shape, d: number, index: Tensor) {
  return { size: shape[d] ?? 1, count: index.shape[d] ?? 1, inner: sizeOf(shape.slice(d + 1)) }
}
