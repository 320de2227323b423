/** The launch of search.wgsl. */
import { searchKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { codeOf } from '../tensor/dtype.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** How many elements of a sorted row are below each value, or not above it. */
export function search(op: string, s: Tensor, v: Tensor, right: boolean): Tensor {
  const y = empty(v.shape, 'i32', op)
  const size = s.shape[s.rank - 1]
  run(searchKernel, {
    constants: { TYPE: codeOf[s.dtype], RIGHT: right },
    params: { n: y.size, size, count: v.shape[v.rank - 1] ?? 1, row: s.rank === 1 ? 0 : size },
    tensors: { s: compact(s), v: compact(v), y },
    threads: y.size,
  })
  return y
}
