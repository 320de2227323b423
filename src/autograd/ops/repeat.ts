/** Copies of a tensor, one after the other. */
import { check } from '../../kernels/check.js'
import { checkList, checkTensor } from '../../tensor/arguments.js'
import { checkCount, type Shape, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { clone } from './clone.js'
import { expand } from './expand.js'
import { reshape } from './reshape.js'

/**
 * x, repeats[d] times along each dim:  y[…, i, …] = x[…, i mod size, …]. A copy.
 *
 * Of more repeats than x has dims, the first make new dims: [3] repeated [2, 2] is [2, 6].
 * @throws Error when there are fewer repeats than dims
 */
export function repeat(x: Tensor, repeats: Shape): Tensor {
  checkTensor('repeat', x)
  checkList('repeat', 'repeats', repeats, 'repeat(x, [2, 3])')
  check(
    repeats.length >= x.rank && repeats.every(r => Number.isInteger(r) && r >= 0),
    () =>
      `repeat: ${show(x.shape)} repeated [${repeats}] times; ` +
      'one whole number from 0 up per dim, and no fewer than dims',
  )
  const sizes = [...Array<number>(repeats.length - x.rank).fill(1), ...x.shape]
  const to = sizes.map((size, d) => size * repeats[d])
  checkCount('repeat', to)
  // every dim as two: which copy, and where in it
  const pairs = reshape(
    x,
    sizes.flatMap(size => [1, size]),
  )
  const copies = expand(
    pairs,
    sizes.flatMap((size, d) => [repeats[d], size]),
  )
  return repeats.every(r => r === 1) ? reshape(clone(x), to) : reshape(copies, to)
}

/** As `repeat`, but of fewer repeats than dims the first dims are repeated once. */
export function tile(x: Tensor, repeats: Shape): Tensor {
  checkTensor('tile', x)
  checkList('tile', 'repeats', repeats, 'tile(x, [2, 3])')
  return repeat(x, [...Array<number>(Math.max(0, x.rank - repeats.length)).fill(1), ...repeats])
}
