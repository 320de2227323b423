/** Launches of embedding.wgsl: rows of a table taken by an index, and the adjoint. */
import { embeddingKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { zeros } from '../tensor/create.js'
import { run } from '../tensor/run.js'
import type { Shape } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { missing } from './gather.js'

/** The `skip` that no row has. */
export const none = -1

/**
 * y[k,i] = x[index[k], i]; 0 for the row `skip`.
 *
 * x [size, width]   index [count]   y [count, width]
 */
export function gatherRows(x: Tensor, index: Tensor, skip: number): Tensor {
  const [size, width] = x.shape
  const y = empty([index.size, width], x.dtype, 'indexSelect')
  run(embeddingKernel, {
    entry: 'forward',
    params: { n: y.size, size, width, missing: missing(x), skip },
    tensors: { source: compact(x), index: compact(index), result: y },
    threads: y.size,
  })
  return y
}

/** x[j,i] = Σ y[k,i] over the k with index[k] = j; 0 for the row `skip`. */
export function scatterAddRows(y: Tensor, index: Tensor, skip: number, shape: Shape): Tensor {
  const [size, width] = shape
  const x = zeros(shape)
  const row = compact(index)
  const links = empty([index.size, 2], 'u32', 'links')
  run(embeddingKernel, {
    entry: 'link',
    params: { n: index.size, size, count: index.size, skip },
    tensors: { index: row, linking: links },
    threads: index.size,
  })
  run(embeddingKernel, {
    entry: 'backward',
    params: { n: y.size, width },
    tensors: { source: compact(y), index: row, links, result: x },
    threads: y.size,
  })
  return x
}
