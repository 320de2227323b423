/** Places in sorted rows. */
import { check } from '../../kernels/check.js'
import { search } from '../../launches/search.js'
import { checkTensor, optionsOf } from '../../tensor/arguments.js'
import { sameShape, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'

/**
 * Where values belong in sorted rows, i32:  y[…, k] = the number of sorted[…, j] < values[…, k].
 *
 * `right` counts ≤ instead. sorted [..., n], or [n] for all   values, y [..., m]   No gradient.
 * @throws Error when leading dims or dtypes differ
 */
export function searchSorted(
  sorted: Tensor,
  values: Tensor,
  options: { right?: boolean } = {},
): Tensor {
  const { right = false } = optionsOf('searchSorted', options, ['right'])
  checkTensor('searchSorted', sorted, values)
  const [rows, others] = [sorted.shape.slice(0, -1), values.shape.slice(0, -1)]
  check(
    sorted.rank > 0 &&
      sorted.dtype === values.dtype &&
      (sorted.rank === 1 || (sorted.rank === values.rank && sameShape(rows, others))),
    () =>
      `searchSorted: sorted is ${show(sorted.shape)} ${sorted.dtype}, values ` +
      `${show(values.shape)} ${values.dtype}; dtypes and all dims but the last must be equal, or ` +
      'sorted one row',
  )
  return search('searchSorted', sorted, values, !!right)
}
