/** How a product is added in one launch. */
import { addcmulKernel } from '../kernels/wgsl.js'
import { run } from '../tensor/run.js'
import { collapse } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** y[i] = x[i] + value · a[i] · b[i] for tensors of one shape. */
export function addProduct(x: Tensor, a: Tensor, b: Tensor, value: number): Tensor {
  const y = empty(x.shape, 'f32', 'addcmul')
  const { shape, strides } = collapse(x.shape, [x.strides, a.strides, b.strides])
  const [x_strides, a_strides, b_strides] = strides
  run(addcmulKernel, {
    constants: { RANK: shape.length },
    tensors: { x, a, b, y },
    params: { n: y.size, value, shape, x_strides, a_strides, b_strides },
    threads: y.size,
  })
  return y
}
