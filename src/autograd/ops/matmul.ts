/** Matrix products: of matrices, of batches of them, and with vectors. */
import { check } from '../../kernels/check.js'
import { broadcastShapes, show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { expand } from './expand.js'
import { checkFloat } from './operands.js'
import { product } from './product.js'
import { reshape, squeeze, unsqueeze } from './reshape.js'

/**
 * Matrix product  C[i,j] = Σₖ A[i,k] B[k,j].   A [m, k]   B [k, n]   C [m, n]
 *
 * Leading dimensions are batches and broadcast. A vector on the left is a row, on the right a
 * column, and that dimension is gone from the result: [k] · [k] is a scalar.
 * @throws Error when the columns of A are not as many as the rows of B
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkFloat('matmul', a, b)
  check(
    a.rank > 0 && b.rank > 0,
    () => `matmul: A is ${show(a.shape)} and B is ${show(b.shape)}; a scalar is no matrix: use mul`,
  )
  if (a.rank === 1) return squeeze(matmul(unsqueeze(a, 0), b), b.rank === 1 ? 0 : -2)
  if (b.rank === 1) return squeeze(matmul(a, unsqueeze(b, 1)), -1)
  const [m, k, rows, n] = [...a.shape.slice(-2), ...b.shape.slice(-2)]
  check(
    k === rows,
    () =>
      `matmul: A is ${show(a.shape)} and B is ${show(b.shape)}; ` +
      `the columns of A (${k}) must equal the rows of B (${rows})`,
  )
  if (a.rank === 2 && b.rank === 2) return product(a, b)
  // every batch against one matrix is one tall matrix against it
  if (b.rank === 2) {
    const rows = a.shape.slice(0, -1)
    return reshape(product(reshape(a, [sizeOf(rows), k]), b), [...rows, n])
  }
  const batch = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2))
  return product(expand(a, [...batch, m, k]), expand(b, [...batch, k, n]))
}
