/** Arithmetic of two tensors, or of a tensor and a number, with broadcasting. */

import { binary } from '../../launches/binary.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { broadcast, type Operand } from './operands.js'

/** y = a + b */
export function add(a: Operand, b: Operand): Tensor {
  const [A, B] = broadcast('add', a, b)
  return record('add', binary('add', 'ADD', A, B), [
    [A, dy => dy],
    [B, dy => dy],
  ])
}

/** y = a − b */
export function sub(a: Operand, b: Operand): Tensor {
  const [A, B] = broadcast('sub', a, b)
  return record('sub', binary('sub', 'SUB', A, B), [
    [A, dy => dy],
    [B, dy => mul(dy, -1)],
  ])
}

/** y = a · b, element by element */
export function mul(a: Operand, b: Operand): Tensor {
  const [A, B] = broadcast('mul', a, b)
  return record('mul', binary('mul', 'MUL', A, B), [
    [A, dy => mul(dy, B)],
    [B, dy => mul(dy, A)],
  ])
}

/** y = a / b; whole numbers divide towards 0 */
export function div(a: Operand, b: Operand): Tensor {
  const [A, B] = broadcast('div', a, b)
  return record('div', binary('div', 'DIV', A, B), [
    [A, dy => div(dy, B)],
    [B, dy => mul(div(mul(dy, div(A, B)), B), -1)], // −dy · a / b²
  ])
}
