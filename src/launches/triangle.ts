/** The launch of triangle.wgsl. */
import { triangleKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** Each matrix of x with zeros above its diagonal, or below it. */
export function triangle(op: string, x: Tensor, diagonal: number, upper: boolean): Tensor {
  const y = empty(x.shape, x.dtype, op)
  const [rows, columns] = x.shape.slice(-2)
  run(triangleKernel, {
    constants: { UPPER: upper },
    params: { n: y.size, rows, columns, diagonal },
    tensors: { x: compact(x), y },
    threads: y.size,
  })
  return y
}
