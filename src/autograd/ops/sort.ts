/** Elements in order along a dimension. Gradients go where the elements came from. */
import { check } from '../../kernels/check.js'
import { sortedIndices } from '../../launches/sort.js'
import { checkTensor, described, optionsOf } from '../../tensor/arguments.js'
import { dimOf, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { pickAlong } from './gather.js'
import { reshape } from './reshape.js'

export interface SortOptions {
  /** The largest first. */
  descending?: boolean
}

/**
 * The elements along a dim in order, and their indices, i32. Equal ones stay in their order; NaN is
 * larger than all numbers.
 */
export function sort(x: Tensor, dim = -1, options: SortOptions = {}): [y: Tensor, indices: Tensor] {
  const { descending = false } = optionsOf('sort', options, ['descending'])
  checkTensor('sort', x)
  return along('sort', x, dim, !!descending)
}

/** The indices that sort x along a dim, i32: see `sort`. */
export function argsort(x: Tensor, dim = -1, options: SortOptions = {}): Tensor {
  const { descending = false } = optionsOf('argsort', options, ['descending'])
  checkTensor('argsort', x)
  const d = dimOf('argsort', dim, x.rank)
  return sortedIndices('argsort', x, d, { descending: !!descending })
}

/**
 * The k largest elements along a dim, or the smallest, in order, and their indices, i32. Of equal
 * ones the first; NaN is larger than all numbers.
 * @throws Error when there are fewer than k
 */
export function topk(
  x: Tensor,
  k: number,
  dim = -1,
  options: { largest?: boolean } = {},
): [y: Tensor, indices: Tensor] {
  const { largest = true } = optionsOf('topk', options, ['largest'])
  checkTensor('topk', x)
  const size = x.shape[dimOf('topk', dim, x.rank)] ?? 1
  check(
    Number.isInteger(k) && k >= 0 && k <= size,
    () =>
      `topk: k is ${described(k)} along dim ${dim} of ${show(x.shape)}; it must be 0 to ${size}`,
  )
  return along('topk', x, dim, !!largest, k)
}

function along(
  op: string,
  x: Tensor,
  dim: number,
  descending: boolean,
  count?: number,
): [y: Tensor, indices: Tensor] {
  const d = dimOf(op, dim, x.rank)
  if (x.rank === 0)
    return along(op, reshape(x, [1]), 0, descending, count).map(t =>
      reshape(t, t.size === 1 ? [] : [0]),
    ) as [Tensor, Tensor]
  const indices = sortedIndices(op, x, d, { descending, count })
  return [pickAlong(x, d, indices), indices]
}
