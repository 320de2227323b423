/** The launch of cast.wgsl. */
import { castKernel } from '../kernels/wgsl.js'
import { aligned } from '../tensor/contiguous.js'
import { codeOf, type DType } from '../tensor/dtype.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** y[i] = x[i] as another dtype. */
export function cast(x: Tensor, dtype: DType): Tensor {
  const y = empty(x.shape, dtype, 'to')
  const n = Math.ceil(x.size / 4)
  run(castKernel, {
    constants: { FROM: codeOf[x.dtype], TO: codeOf[dtype] },
    params: { n },
    tensors: { x: aligned(x), y },
    threads: n,
  })
  return y
}
