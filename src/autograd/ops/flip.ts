/** Elements in reverse order, or moved round: both are undone by themselves. */
import { check } from '../../kernels/check.js'
import { checkList, checkTensor } from '../../tensor/arguments.js'
import { copy } from '../../tensor/contiguous.js'
import { dimOf, dimsOf } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { cat } from './cat.js'
import { flatten, reshape } from './reshape.js'
import { narrow } from './slice.js'

/** The order of elements reversed along the given dims:  y[…, i, …] = x[…, size − 1 − i, …]. */
export function flip(x: Tensor, dims: number | readonly number[]): Tensor {
  checkTensor('flip', x)
  check(dims !== undefined, () => 'flip: no dims; say along which: flip(x, [0])')
  const list = dimsOf('flip', dims, x.rank)
  return record('flip', reversed(x, list), [[x, dy => flip(dy, list)]])
}

/** A copy through a view whose strides lead backwards from the last elements. */
function reversed(x: Tensor, dims: readonly number[]): Tensor {
  if (x.size === 0) return copy(x)
  const strides = x.strides.map((stride, d) => (dims.includes(d) ? -stride : stride))
  const offset = dims.reduce((at, d) => at + (x.shape[d] - 1) * x.strides[d], x.offset)
  return copy(view(x, { shape: x.shape, strides, offset }, 'flip'))
}

/**
 * Elements moved by `shifts` along dims; what leaves at the end comes in at the beginning:
 * y[…, (i + shift) mod size, …] = x[…, i, …]. Without dims, x is rolled as one long row.
 * @throws Error unless there is one shift per dim
 */
export function roll(
  x: Tensor,
  shifts: number | readonly number[],
  dims?: number | readonly number[],
): Tensor {
  checkTensor('roll', x)
  const by = typeof shifts === 'number' ? [shifts] : shifts
  checkList('roll', 'shifts', by, 'roll(x, [1, 2], [0, 1])')
  if (dims === undefined && by.length === 1) return reshape(roll(flatten(x), by, 0), x.shape)
  const list = typeof dims === 'number' ? [dims] : (dims ?? [])
  checkList('roll', 'dims', list, 'roll(x, [1, 2], [0, 1])')
  check(
    by.length === list.length && by.length > 0 && by.every(Number.isInteger),
    () => `roll: shifts [${by}] along dims [${list}]; one whole number per dim`,
  )
  return by.reduce((y, shift, i) => rolled(y, shift, dimOf('roll', list[i], x.rank)), x)
}

function rolled(x: Tensor, shift: number, d: number): Tensor {
  const size = x.shape[d] ?? 1
  const k = size === 0 ? 0 : ((shift % size) + size) % size
  if (k === 0) return reshape(x, x.shape)
  return cat([narrow(x, d, size - k, k), narrow(x, d, 0, size - k)], d)
}
