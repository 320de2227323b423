/** The product that matmul and the gradients of layers are made of. */
import { matrixProduct } from '../../launches/matmul.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { transpose } from './permute.js'

/**
 * The product of equal batches of matrices.   A [..., m, k]   B [..., k, n]
 *
 * With `exact` matrix units are not used. So it is for gradients, which may be too small for f16.
 */
export function product(a: Tensor, b: Tensor, exact = false): Tensor {
  return record('matmul', matrixProduct(a, b, { exact }), [
    [a, dC => product(dC, transpose(b), true)], // dA[i,k] = Σⱼ dC[i,j] B[k,j]
    [b, dC => product(transpose(a), dC, true)], // dB[k,j] = Σᵢ A[i,k] dC[i,j]
  ])
}
