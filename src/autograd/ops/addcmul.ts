/** A product added in one launch. */
import { addProduct } from '../../launches/addcmul.js'
import { checkNumber, optionsOf } from '../../tensor/arguments.js'
import { broadcastShapes, sameShape } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { mul } from './arithmetic.js'
import { expand } from './expand.js'
import { checkFloat } from './operands.js'

/** y[i] = x[i] + value · a[i] · b[i], with broadcasting. */
export function addcmul(x: Tensor, a: Tensor, b: Tensor, options: { value?: number } = {}): Tensor {
  const { value = 1 } = optionsOf('addcmul', options, ['value'])
  checkNumber('addcmul', 'value', value)
  checkFloat('addcmul', x, a, b)
  const shape = broadcastShapes('addcmul', x.shape, a.shape, b.shape)
  const [X, A, B] = [x, a, b].map(t => (sameShape(t.shape, shape) ? t : expand(t, shape)))
  const times = (dy: Tensor, other: Tensor) =>
    value === 1 ? mul(dy, other) : mul(mul(dy, other), value)
  const onto = (sum: Tensor | null, dy: Tensor, other: Tensor) =>
    sum && addProduct(sum, dy, other, value)
  return record(
    'addcmul',
    addProduct(X, A, B, value),
    [
      [X, dy => dy],
      [A, dy => times(dy, B)],
      [B, dy => times(dy, A)],
    ],
    {
      shortcut: (dy, request) => [
        null,
        request.wants(A) && onto(request.sumOf(A), dy, B),
        request.wants(B) && onto(request.sumOf(B), dy, A),
      ],
    },
  )
}
