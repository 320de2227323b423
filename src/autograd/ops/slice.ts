/** A part along one dimension, and its adjoint: that part placed into zeros. */
import { check } from '../../kernels/check.js'
import { type Part, place } from '../../launches/place.js'
import { checkTensor, checkWhole, described, optionsOf } from '../../tensor/arguments.js'
import { dimOf, show } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { reshape } from './reshape.js'

/** From `start` (0) to before `stop` (the end) in steps of `step` (1); negative: from the end. */
export interface Range {
  start?: number | null
  stop?: number | null
  step?: number
}

/** Elements start, start + step, … along a dimension, as Python's x[start:stop:step]. A view. */
export function slice(x: Tensor, dim: number, range: Range): Tensor {
  checkTensor('slice', x)
  const { start, stop, step = 1 } = optionsOf('slice', range, ['start', 'stop', 'step'])
  const d = dimOf('slice', dim, x.rank)
  check(x.rank > 0, () => 'slice: the tensor is a scalar; it has no dimension to slice')
  check(
    Number.isInteger(step) && step > 0,
    () => `slice: step is ${step}; it must be a whole number above 0`,
  )
  checkWhole('slice', 'start', start ?? 0)
  checkWhole('slice', 'stop', stop ?? 0)
  const size = x.shape[d]
  const bound = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size)
  const [from, until] = [bound(start ?? 0), bound(stop ?? size)]
  const length = Math.max(0, Math.ceil((until - from) / step))
  return part(x, d, from, step, length)
}

/** `length` elements from `start` on along a dimension. A view. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  checkTensor('narrow', x)
  checkWhole('narrow', 'start', start)
  checkWhole('narrow', 'length', length)
  const d = dimOf('narrow', dim, x.rank)
  const from = start < 0 ? start + x.shape[d] : start
  check(
    from >= 0 && length >= 0 && from + length <= x.shape[d],
    () =>
      `narrow: ${length} elements from ${start} along dim ${dim} of ${show(x.shape)}, ` +
      `which has ${x.shape[d]}`,
  )
  return part(x, d, from, 1, length)
}

/** The element at `index` along a dimension, which then is gone. A view. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  checkTensor('select', x)
  checkWhole('select', 'the index', index)
  const d = dimOf('select', dim, x.rank)
  check(
    x.rank > 0 && index >= -x.shape[d] && index < x.shape[d],
    () =>
      `select: index ${index} along dim ${dim} of ${show(x.shape)}; ` +
      `it runs from ${-x.shape[d]} to ${x.shape[d] - 1}`,
  )
  const at = index < 0 ? index + x.shape[d] : index
  return reshape(part(x, d, at, 1, 1), x.shape.toSpliced(d, 1))
}

/** `chunks` pieces of ⌈size / chunks⌉ along a dimension; the last may be shorter or missing. */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  check(
    Number.isInteger(chunks) && chunks > 0,
    () => `chunk: ${chunks} chunks; there must be at least 1`,
  )
  checkTensor('chunk', x)
  const d = dimOf('chunk', dim, x.rank)
  const length = Math.max(1, Math.ceil(x.shape[d] / chunks))
  return Array.from({ length: Math.max(1, Math.ceil(x.shape[d] / length)) }, (_, i) =>
    slice(x, d, { start: i * length, stop: (i + 1) * length }),
  )
}

/**
 * Pieces along a dimension: of one size, of which the last may be smaller, or of a list of sizes.
 * Views.
 * @throws Error when the sizes of a list do not add up to the dimension
 */
export function split(x: Tensor, sizes: number | readonly number[], dim = 0): Tensor[] {
  checkTensor('split', x)
  const d = dimOf('split', dim, x.rank)
  const size = x.shape[d] ?? 0
  const each = typeof sizes === 'number' ? sizes : 0
  const list =
    typeof sizes === 'number'
      ? Array.from({ length: each > 0 ? Math.max(1, Math.ceil(size / each)) : 0 }, (_, i) =>
          Math.min(each, size - i * each),
        )
      : sizes
  check(
    Array.isArray(list) &&
      list.every(n => Number.isInteger(n) && n >= 0) &&
      x.rank > 0 &&
      list.reduce((sum, n) => sum + n, 0) === size,
    () =>
      `split: ${show(x.shape)} along dim ${dim} into ${described(sizes)}; ` +
      'one size above 0, or sizes that add up to the dimension',
  )
  let start = 0
  return list.map((length: number) => {
    start += length
    return part(x, d, start - length, 1, length)
  })
}

/** The slices at each index of a dimension, which they lack. Views. */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  checkTensor('unbind', x)
  const d = dimOf('unbind', dim, x.rank)
  check(x.rank > 0, () => 'unbind: the tensor is a scalar; it has no dimension')
  return Array.from({ length: x.shape[d] }, (_, i) => select(x, d, i))
}

/** y[…, j, …] = x[…, from + j · step, …] for j from 0 to length − 1. */
function part(x: Tensor, d: number, from: number, step: number, length: number): Tensor {
  const y = view(
    x,
    {
      shape: x.shape.with(d, length),
      strides: x.strides.with(d, x.strides[d] * step),
      offset: x.offset + (length > 0 ? from * x.strides[d] : 0),
    },
    'slice',
  )
  const whole = { shape: x.shape, d, from, step }
  return record('slice', y, [[x, dy => pad(dy, whole)]], {
    shortcut: (dy, request) => {
      const behind = { x, f: request.behind(x) }
      return [place(dy, whole, { behind, sum: request.sumOf(x) })]
    },
  })
}

/** Zeros of a shape, with y at from, from + step, … along dimension d: the adjoint of `part`. */
function pad(y: Tensor, whole: Part): Tensor {
  const { d, from, step } = whole
  return record('pad', place(y, whole), [[y, dx => part(dx, d, from, step, y.shape[d])]])
}
