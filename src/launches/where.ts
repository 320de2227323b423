/** The launch of where.wgsl. */
import { whereKernel } from '../kernels/wgsl.js'
import { aligned } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** y[i] = a[i] if condition[i], else b[i]; all of one shape. */
export function choose(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const y = empty(condition.shape, a.dtype, 'where')
  const n = Math.ceil(y.size / 4)
  run(whereKernel, {
    params: { n },
    tensors: { condition: aligned(condition), a: aligned(a), b: aligned(b), y },
    threads: n,
  })
  return y
}
