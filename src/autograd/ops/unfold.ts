/** Windows along a dimension, and the sum that undoes them: each is the other's adjoint. */
import { check } from '../../kernels/check.js'
import { place } from '../../launches/place.js'
import { checkTensor } from '../../tensor/arguments.js'
import { zeros } from '../../tensor/create.js'
import { dimOf, type Shape, show } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { select } from './slice.js'

/**
 * Windows of `size` elements, `step` apart, along a dimension:
 *
 *     y[…, w, …, i] = x[…, w · step + i, …]     w from 0 to ⌊(n − size) / step⌋
 *
 * A new last dim has the elements of a window. Always a view, as PyTorch's `Tensor.unfold`. Its
 * `F.unfold`, which cuts patches from images, is `im2col`.
 * @throws Error when a window is larger than the dimension
 */
export function unfold(x: Tensor, dim: number, size: number, step: number): Tensor {
  checkTensor('unfold', x)
  const d = dimOf('unfold', dim, x.rank)
  check(
    x.rank > 0 && [size, step].every(n => Number.isInteger(n) && n > 0) && size <= x.shape[d],
    () =>
      `unfold: windows of ${size}, ${step} apart, along dim ${dim} of ${show(x.shape)}; ` +
      'whole numbers above 0, and no window larger than the dim',
  )
  return windows(x, { d, size, step, dilation: 1 })
}

interface Along {
  readonly d: number
  readonly size: number
  /** From one window to the next. */
  readonly step: number
  /** From one element of a window to the next. */
  readonly dilation: number
}

/** y[…, w, …, i] = x[…, w · step + i · dilation, …], a view */
export function windows(x: Tensor, how: Along): Tensor {
  const { d, size, step, dilation } = how
  const count = Math.floor((x.shape[d] - dilation * (size - 1) - 1) / step) + 1
  const shape = [...x.shape.with(d, count), size]
  const strides = [...x.strides.with(d, x.strides[d] * step), x.strides[d] * dilation]
  const y = view(x, { shape, strides }, 'unfold')
  return record('unfold', y, [[x, dy => fold(dy, x.shape, how)]])
}

/** x[…, j, …] = Σ y[…, w, …, i] over w · step + i · dilation = j: one launch per i. */
export function fold(y: Tensor, shape: Shape, how: Along): Tensor {
  const { d, size, step, dilation } = how
  let x = zeros(shape)
  for (let i = 0; i < size; i++)
    x = place(select(y, -1, i), { shape, d, from: i * dilation, step }, { sum: x })
  return record('fold', x, [[y, dx => windows(dx, how)]])
}
