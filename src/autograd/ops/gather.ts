/** Elements taken by an index along a dimension, and the adjoint: added up where they came from. */
import { check } from '../../kernels/check.js'
import { gatherElements } from '../../launches/gather.js'
import { putElements, sumElements } from '../../launches/scatter.js'
import { checkTensor } from '../../tensor/arguments.js'
import { checkInside } from '../../tensor/known.js'
import { dimOf, type Shape, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { narrow } from './slice.js'

/**
 * y[…, k, …] = x[…, index[…, k, …], …] along a dimension.
 *
 * The index, i32, has x's rank. It may have any size along the dimension, and is nowhere else
 * larger than x. An index that the GPU computed and that lies outside of x gives NaN (0 for whole
 * numbers) and passes no gradient.
 * @throws Error when shapes or dtypes do not fit, or an index from the host lies outside
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  checkTensor('gather', x, index)
  const d = dimOf('gather', dim, x.rank)
  check(
    index.dtype === 'i32' &&
      index.rank === x.rank &&
      index.shape.every((size, i) => i === d || size <= x.shape[i]),
    () =>
      `gather: x is ${show(x.shape)}, the index ${show(index.shape)} ${index.dtype}; it must be ` +
      `i32, of as many dimensions, and larger along dim ${dim} only`,
  )
  checkInside('gather', 'the index', index, x.shape[d])
  const within = index.shape.reduce(
    (part, size, i) => (i === d || size === x.shape[i] ? part : narrow(part, i, 0, size)),
    x,
  )
  return gatherAlong(within, d, index)
}

/** Gather where index and x differ in size along d alone. */
export function gatherAlong(x: Tensor, d: number, index: Tensor): Tensor {
  return record('gather', gatherElements(x, d, index), [
    [x, dy => sumAlong(dy, d, index, x.shape)],
    [index, null],
  ])
}

/** x[…, j, …] = Σ y[…, k, …] over the k with index[…, k, …] = j: the adjoint of gather. */
export function sumAlong(y: Tensor, d: number, index: Tensor, shape: Shape): Tensor {
  const x = sumElements(y, d, index, shape)
  return record('scatterAdd', x, [[y, dx => gatherAlong(dx, d, index)]])
}

/** Gather by an index that names no element twice, as that of a sorted row: undone without sums. */
export function pickAlong(x: Tensor, d: number, index: Tensor): Tensor {
  return record('gather', gatherElements(x, d, index), [
    [x, dy => putAlong(dy, d, index, x.shape)],
    [index, null],
  ])
}

/** x[…, index[…, k, …], …] = y[…, k, …], zeros elsewhere: the adjoint of pickAlong. */
function putAlong(y: Tensor, d: number, index: Tensor, shape: Shape): Tensor {
  const x = putElements(y, d, index, shape)
  return record('scatter', x, [[y, dx => pickAlong(dx, d, index)]])
}
