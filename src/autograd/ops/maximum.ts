/** The larger and the smaller of two tensors, element by element. */

import { binary } from '../../launches/binary.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { mul } from './arithmetic.js'
import { equal, greater, less } from './compare.js'
import { broadcast, type Operand } from './operands.js'
import { where } from './where.js'

/** y = max(a, b); NaN if either is. Where they tie, each receives half the gradient. */
export function maximum(a: Operand, b: Operand): Tensor {
  const [A, B] = broadcast('maximum', a, b)
  return record('maximum', binary('maximum', 'MAXIMUM', A, B), [
    [A, dy => mul(dy, share(less(A, B), A, B))],
    [B, dy => mul(dy, share(less(B, A), A, B))],
  ])
}

/** y = min(a, b); NaN if either is. Where they tie, each receives half the gradient. */
export function minimum(a: Operand, b: Operand): Tensor {
  const [A, B] = broadcast('minimum', a, b)
  return record('minimum', binary('minimum', 'MINIMUM', A, B), [
    [A, dy => mul(dy, share(greater(A, B), A, B))],
    [B, dy => mul(dy, share(greater(B, A), A, B))],
  ])
}

/** 0 where this one lost, ½ where a and b tie, else 1. */
function share(lost: Tensor, a: Tensor, b: Tensor): Tensor {
  return where(lost, 0, where(equal(a, b), 0.5, 1))
}
