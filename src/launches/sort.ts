/** Launches of sort.wgsl: the order of elements along a dimension. */
import { sortKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { codeOf } from '../tensor/dtype.js'
import { run } from '../tensor/run.js'
import { sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'

const shortest = 32 // elements of a run that the first pass sorts: RUN

/** Where the first `count` elements of each sorted row along dim d were, i32. */
export function sortedIndices(
  op: string,
  x: Tensor,
  d: number,
  { descending = false, count = x.shape[d] ?? 1 }: { descending?: boolean; count?: number },
): Tensor {
  const [size, inner] = [x.shape[d] ?? 1, sizeOf(x.shape.slice(d + 1))]
  const at = empty(x.rank === 0 ? [] : x.shape.with(d, count), 'i32', op)
  if (x.size === 0) return at
  let pairs = empty([x.size, 2], 'u32', op)
  const [n, threads] = [x.size, x.size]
  run(sortKernel, {
    entry: 'runs',
    constants: { TYPE: codeOf[x.dtype], DESCENDING: descending },
    params: { n, size, inner },
    tensors: { x: compact(x), sorted: pairs },
    threads,
  })
  for (let length = shortest; length < size; length *= 2) {
    const sorted = empty(pairs.shape, 'u32', op)
    run(sortKernel, {
      entry: 'merge',
      params: { n, size, run: length },
      tensors: { pairs, sorted },
      threads,
    })
    pairs = sorted
  }
  run(sortKernel, {
    entry: 'indices',
    params: { n: at.size, size, inner, count },
    tensors: { pairs, at },
    threads: at.size,
  })
  return at
}
