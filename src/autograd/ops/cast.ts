/** The same numbers as another type. */
import { launch } from '../../kernels/launch.js'
import { aligned } from '../../tensor/contiguous.js'
import { codeOf, type DType } from '../../tensor/dtype.js'
import { empty, type Tensor } from '../../tensor/tensor.js'

/** x as dtype: fractions are dropped towards 0, and anything but 0 is true. No gradient passes. */
export function to(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x
  const from = aligned(x)
  const y = empty(x.shape, dtype, 'to')
  const n = Math.ceil(x.size / 4)
  launch('cast', {
    entry: 'main',
    constants: { FROM: codeOf[x.dtype], TO: codeOf[dtype] },
    params: { n, x_offset: from.offset },
    buffers: { x: from.storage.lease, y: y.storage.lease },
    threads: n,
  })
  return y
}
