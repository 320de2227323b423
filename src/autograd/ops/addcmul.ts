/** A product added in one go. */
import { launch } from '../../kernels/launch.js'
import { broadcastShapes, collapse, show } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { mul } from './arithmetic.js'
import { expand } from './expand.js'
import { checkFloat } from './operands.js'

/** y[i] = x[i] + value · a[i] · b[i], with broadcasting. */
export function addcmul(
  x: Tensor,
  a: Tensor,
  b: Tensor,
  { value = 1 }: { value?: number } = {},
): Tensor {
  checkFloat('addcmul', x, a, b)
  const shape = broadcastShapes('addcmul', x.shape, a.shape, b.shape)
  const [X, A, B] = [x, a, b].map(t => (show(t.shape) === show(shape) ? t : expand(t, shape)))
  const y = empty(shape, 'f32', 'addcmul')
  const walk = collapse(shape, [X.strides, A.strides, B.strides])
  launch('addcmul', {
    entry: 'main',
    constants: { RANK: walk.shape.length },
    params: {
      n: y.size,
      x_offset: X.offset,
      a_offset: A.offset,
      b_offset: B.offset,
      value,
      shape: walk.shape,
      x_strides: walk.strides[0],
      a_strides: walk.strides[1],
      b_strides: walk.strides[2],
    },
    buffers: {
      x: X.storage.lease,
      a: A.storage.lease,
      b: B.storage.lease,
      y: y.storage.lease,
    },
    threads: y.size,
  })
  const times = (dy: Tensor, other: Tensor) =>
    value === 1 ? mul(dy, other) : mul(mul(dy, other), value)
  return record('addcmul', y, [
    [X, dy => dy],
    [A, dy => times(dy, B), (dy, sum) => addcmul(sum, dy, B, { value })],
    [B, dy => times(dy, A), (dy, sum) => addcmul(sum, dy, A, { value })],
  ])
}
