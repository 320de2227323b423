/** Launches of scatter.wgsl: elements written to the places that an index names. */
import { scatterKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { zeros } from '../tensor/create.js'
import { run } from '../tensor/run.js'
import { type Shape, sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { scatterAddElements } from './gather.js'
import { sortedIndices } from './sort.js'

/** y[…, index[…, k, …], …] = x[…, k, …], zeros elsewhere. No place may be named twice. */
export function putElements(x: Tensor, d: number, index: Tensor, shape: Shape): Tensor {
  const y = zeros(shape, { dtype: x.dtype })
  run(scatterKernel, {
    entry: 'put',
    params: sizes(shape, d, index),
    tensors: { source: compact(x), index: compact(index), y },
    threads: index.size,
  })
  return y
}

/** 1 + the last k whose index is j, for every j; 0 where there is none. i32 */
export function claims(d: number, index: Tensor, shape: Shape): Tensor {
  const result = zeros(shape, { dtype: 'i32' })
  run(scatterKernel, {
    entry: 'claim',
    params: sizes(shape, d, index),
    tensors: { index: compact(index), claims: result },
    threads: index.size,
  })
  return result
}

/**
 * y[…, j, …] = Σ x[…, k, …] over the k with index[…, k, …] = j, in the order of k. Either way of
 * computing it adds in that order: comparing every k with every j, or sorting first.
 */
export function sumElements(x: Tensor, d: number, index: Tensor, shape: Shape): Tensor {
  const [size, count] = [shape[d] ?? 1, index.shape[d] ?? 1]
  if (size * count < 2 ** 14) return scatterAddElements(x, d, index, shape)
  const y = zeros(shape)
  run(scatterKernel, {
    entry: 'sums',
    params: sizes(shape, d, index),
    tensors: {
      source: compact(x),
      index: compact(index),
      order: sortedIndices('scatterAdd', index, d, {}),
      y,
    },
    threads: index.size,
  })
  return y
}

function sizes(shape: Shape, d: number, index: Tensor) {
  const inner = sizeOf(shape.slice(d + 1))
  return { n: index.size, size: shape[d] ?? 1, count: index.shape[d] ?? 1, inner }
}
