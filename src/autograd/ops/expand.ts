/** Repeating along dimensions, and summing over them again: each is the other's gradient. */
import { check } from '../../kernels/check.js'
import { sumDims } from '../../launches/sum.js'
import { checkList, checkTensor } from '../../tensor/arguments.js'
import { broadcastStrides, checkCount, type Shape, sameShape, show } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'

/**
 * x read as if it had a larger shape:  y[…, i, …] = x[…, 0, …] wherever x's size is 1.
 * A view; −1 keeps a size.
 * @throws Error when a size differs and is not 1
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  checkTensor('expand', x)
  checkList('expand', 'the shape', shape, 'expand(x, [2, 3])')
  const missing = shape.length - x.rank
  const to = shape.map((size, d) => (size === -1 && d >= missing ? x.shape[d - missing] : size))
  check(
    missing >= 0 &&
      to.every(
        (size, d) =>
          Number.isInteger(size) &&
          size >= 0 &&
          (d < missing || x.shape[d - missing] === size || x.shape[d - missing] === 1),
      ),
    () =>
      `expand: ${show(x.shape)} to ${show(shape)}; ` +
      'aligned at the last dimension, only sizes of 1 can grow',
  )
  checkCount('expand', to)
  const y = view(x, { shape: to, strides: broadcastStrides(x.shape, x.strides, to) }, 'expand')
  return record('expand', y, [[x, dy => sumTo(dy, x.shape)]])
}

/**
 * The sum over all that `expand` from `shape` would repeat:  [2, 3, 4] to [3, 1] sums dims 0 and 2.
 * @throws Error when `shape` does not expand to x's
 */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  checkTensor('sumTo', x)
  checkList('sumTo', 'the shape', shape, 'sumTo(x, [3, 1])')
  if (sameShape(x.shape, shape)) return x
  const missing = x.rank - shape.length
  check(
    missing >= 0 && shape.every((size, d) => size === 1 || size === x.shape[d + missing]),
    () =>
      `sumTo: ${show(x.shape)} to ${show(shape)}; ` +
      'aligned at the last dimension, sizes must be equal, or 1',
  )
  const dims = x.shape.flatMap((size, d) =>
    d < missing || (shape[d - missing] === 1 && size !== 1) ? [d] : [],
  )
  const y = sumDims(x, dims, 1)
  const z = view(y, { shape, strides: [...y.strides.slice(missing)] }, 'sumTo')
  return record('sumTo', z, [[x, dy => expand(dy, x.shape)]])
}
