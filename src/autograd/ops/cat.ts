/** Tensors joined along a dimension; the gradient is cut into their parts again. */
import { check } from '../../kernels/check.js'
import { checkList, checkTensor } from '../../tensor/arguments.js'
import { copyElements } from '../../tensor/contiguous.js'
import { dimOf, sameShape, show } from '../../tensor/shape.js'
import { empty, type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { unsqueeze } from './reshape.js'
import { narrow } from './slice.js'

/**
 * Tensors one after the other along a dimension. Sizes may differ along it, and nowhere else.
 * @throws Error when other sizes or dtypes differ, or there is none
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  checkList('cat', 'the first argument', tensors, 'cat([a, b], dim)')
  check(tensors.length > 0, () => 'cat: no tensors; there must be at least one')
  checkTensor('cat', ...tensors)
  const [{ shape, dtype, rank }] = tensors
  const d = dimOf('cat', dim, rank)
  check(
    rank > 0 &&
      tensors.every(
        t =>
          t.dtype === dtype &&
          t.rank === rank &&
          t.shape.every((size, i) => i === d || size === shape[i]),
      ),
    () =>
      `cat: ${tensors.map(t => `${show(t.shape)} ${t.dtype}`).join(', ')} along dim ${dim}; ` +
      'dtypes and all other sizes must be equal, and none a scalar',
  )
  const starts: number[] = []
  let length = 0
  for (const t of tensors) {
    starts.push(length)
    length += t.shape[d]
  }
  const y = empty(shape.with(d, length), dtype, 'cat')
  for (const [i, t] of tensors.entries()) {
    const offset = starts[i] * y.strides[d]
    copyElements(t, view(y, { shape: t.shape, strides: y.strides, offset }, 'cat'))
  }
  return record(
    'cat',
    y,
    tensors.map((t, i) => [t, dy => narrow(dy, d, starts[i], t.shape[d])]),
  )
}

/**
 * Tensors of one shape joined along a new dimension.
 * @throws Error when shapes or dtypes differ, or there is none
 */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  checkList('stack', 'the first argument', tensors, 'stack([a, b], dim)')
  check(tensors.length > 0, () => 'stack: no tensors; there must be at least one')
  checkTensor('stack', ...tensors)
  const [{ shape }] = tensors
  check(
    tensors.every(t => sameShape(t.shape, shape)),
    () => `stack: ${tensors.map(t => show(t.shape)).join(', ')}; all shapes must be equal`,
  )
  const d = dimOf('stack', dim, shape.length + 1)
  return cat(
    tensors.map(t => unsqueeze(t, d)),
    d,
  )
}
