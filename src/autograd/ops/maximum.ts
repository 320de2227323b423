/** The larger and the smaller of two tensors, element by element. */
import { binary } from '../../launches/binary.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { mul } from './arithmetic.js'
import { equal, greater, less } from './compare.js'
import { broadcast, type Operand } from './operands.js'
import { where } from './where.js'

/** y = max(a, b); NaN if either is. Where a = b, each receives half the gradient. */
export function maximum(a: Operand, b: Operand): Tensor {
  const [A, B] = broadcast('maximum', a, b)
  return record('maximum', binary('maximum', 'MAXIMUM', A, B), [
    [A, dy => mul(dy, weight(less(A, B), A, B))],
    [B, dy => mul(dy, weight(less(B, A), A, B))],
  ])
}

/** y = min(a, b); NaN if either is. Where a = b, each receives half the gradient. */
export function minimum(a: Operand, b: Operand): Tensor {
  const [A, B] = broadcast('minimum', a, b)
  return record('minimum', binary('minimum', 'MINIMUM', A, B), [
    [A, dy => mul(dy, weight(greater(A, B), A, B))],
    [B, dy => mul(dy, weight(greater(B, A), A, B))],
  ])
}

/** dy's factor for one of a and b: 0 where it lost, ½ where they tie, else 1. */
function weight(lost: Tensor, a: Tensor, b: Tensor): Tensor {
  return where(lost, 0, where(equal(a, b), 0.5, 1))
}
