/** Comparisons: bools, with broadcasting and without gradients. NaN is unequal to everything. */
import { binary } from '../../launches/binary.js'
import type { Tensor } from '../../tensor/tensor.js'
import { broadcast, type Operand } from './operands.js'

/** a = b */
export function equal(a: Operand, b: Operand): Tensor {
  return binary('equal', 'EQUAL', ...broadcast('equal', a, b))
}

/** a ≠ b */
export function notEqual(a: Operand, b: Operand): Tensor {
  return binary('notEqual', 'NOT_EQUAL', ...broadcast('notEqual', a, b))
}

/** a < b */
export function less(a: Operand, b: Operand): Tensor {
  return binary('less', 'LESS', ...broadcast('less', a, b))
}

/** a ≤ b */
export function lessEqual(a: Operand, b: Operand): Tensor {
  return binary('lessEqual', 'LESS_EQUAL', ...broadcast('lessEqual', a, b))
}

/** a > b */
export function greater(a: Operand, b: Operand): Tensor {
  return binary('greater', 'GREATER', ...broadcast('greater', a, b))
}

/** a ≥ b */
export function greaterEqual(a: Operand, b: Operand): Tensor {
  return binary('greaterEqual', 'GREATER_EQUAL', ...broadcast('greaterEqual', a, b))
}
