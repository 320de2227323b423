/** A choice between two tensors, element by element. */
import { check } from '../../kernels/check.js'
import { choose } from '../../launches/where.js'
import { checkTensor } from '../../tensor/arguments.js'
import { broadcastShapes, sameShape, show } from '../../tensor/shape.js'
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

/**
 * y[i] = value where mask[i], else x[i]. The mask broadcasts to x. Where it holds, x has no
 * gradient.
 *
 * x any dtype   mask bool   value: a number, or a scalar tensor of x's dtype
 * @throws Error when the mask is larger than x, or the value no scalar
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Operand): Tensor {
  checkTensor('maskedFill', x, mask)
  check(
    mask.dtype === 'bool' && sameShape(broadcastShapes('maskedFill', x.shape, mask.shape), x.shape),
    () =>
      `maskedFill: x is ${show(x.shape)}, the mask ${show(mask.shape)} ${mask.dtype}; ` +
      'the mask must be bool and broadcast to x',
  )
  check(
    !(value instanceof Tensor) || value.rank === 0,
    () => `maskedFill: the value is ${value}; it must be a number or a scalar`,
  )
  return where(mask, value, x)
}
