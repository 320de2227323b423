/** A choice between two tensors, element by element. */
import { check } from '../../kernels/check.js'
import { choose } from '../../launches/where.js'
import { checkTensor } from '../../tensor/arguments.js'
import { broadcastShapes, sameShape } from '../../tensor/shape.js'
import { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { expand } from './expand.js'
import { numberAs, type Operand } from './operands.js'

/**
 * y[i] = a[i] if condition[i], else b[i], with broadcasting.
 * @throws Error unless the condition is bool and a and b are of one dtype
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  checkTensor('where', condition)
  const dtype = a instanceof Tensor ? a.dtype : b instanceof Tensor ? b.dtype : 'f32'
  const [A, B] = [a, b].map(x => (x instanceof Tensor ? x : numberAs('where', x, dtype)))
  check(
    condition.dtype === 'bool' && A.dtype === B.dtype,
    () =>
      `where: condition is ${condition.dtype}, a is ${A.dtype}, b is ${B.dtype}; ` +
      'the condition must be bool, and a and b of one dtype',
  )
  const shape = broadcastShapes('where', condition.shape, A.shape, B.shape)
  const [C, X, Z] = [condition, A, B].map(x => (sameShape(x.shape, shape) ? x : expand(x, shape)))
  return record('where', choose(C, X, Z), [
    [condition, null],
    [X, dy => where(condition, dy, 0)],
    [Z, dy => where(condition, 0, dy)],
  ])
}
