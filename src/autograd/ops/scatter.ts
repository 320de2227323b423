/** Elements written, or added, to the places that an index names along a dimension. */
import { check } from '../../kernels/check.js'
import { gatherElements } from '../../launches/gather.js'
import { claims } from '../../launches/scatter.js'
import { choose } from '../../launches/where.js'
import { checkTensor } from '../../tensor/arguments.js'
import { arange } from '../../tensor/create.js'
import { checkInside } from '../../tensor/known.js'
import { dimOf, type Shape, show } from '../../tensor/shape.js'
import { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { add, sub } from './arithmetic.js'
import { equal } from './compare.js'
import { expand } from './expand.js'
import { gatherAlong, sumAlong } from './gather.js'
import { checkFloat, numberAs } from './operands.js'
import { pad } from './pad.js'
import { reshape } from './reshape.js'
import { narrow } from './slice.js'
import { where } from './where.js'

/**
 * x with y[…, index[…, k, …], …] = src[…, k, …] along a dimension. Where several k name one place,
 * the last of them is written (PyTorch leaves that open).
 *
 * The index, i32, has x's rank and is nowhere larger than src, nor than x but along the dimension.
 * src: a tensor of x's dtype, or a number. An index outside of x that the GPU computed is left out.
 * @throws Error when shapes or dtypes do not fit, or an index from the host lies outside
 */
export function scatter(x: Tensor, dim: number, index: Tensor, src: Tensor | number): Tensor {
  checkTensor('scatter', x, index)
  const source =
    src instanceof Tensor ? src : expand(numberAs('scatter', src, x.dtype), index.shape)
  const [at, s, d] = fitted('scatter', x, dim, index, source)
  return written(x, d, at, s)
}

/**
 * x with y[…, index[…, k, …], …] += src[…, k, …] along a dimension, in the order of k: the same
 * bits in every run. Shapes as for `scatter`; x and src are f32.
 * @throws Error when shapes or dtypes do not fit, or an index from the host lies outside
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  checkFloat('scatterAdd', x, src)
  checkTensor('scatterAdd', index)
  const [at, s, d] = fitted('scatterAdd', x, dim, index, src)
  return add(x, sumAlong(s, d, at, x.shape))
}

function written(x: Tensor, d: number, index: Tensor, src: Tensor): Tensor {
  const winner = claims(d, index, x.shape) // 1 + the k that is written here
  const free = equal(winner, 0)
  const taken = gatherElements(src, d, sub(winner, 1))
  const one = index.shape.map((size, i) => (i === d ? size : 1))
  const won = () => {
    const k = reshape(arange(1, index.shape[d] + 1), one)
    return equal(gatherElements(winner, d, index), expand(k, index.shape))
  }
  return record('scatter', choose(free, x, taken), [
    [x, dy => where(free, dy, 0)],
    [src, dy => where(won(), gatherAlong(dy, d, index), 0)],
  ])
}

/** The index, and the part of src that belongs to it, as large as x but along dimension d. */
function fitted(op: string, x: Tensor, dim: number, index: Tensor, src: Tensor) {
  if (x.rank === 0) return misfit(op, x, dim, index, src)
  const d = dimOf(op, dim, x.rank)
  const within = (inner: Shape, outer: Shape) => inner.every((size, i) => size <= outer[i])
  const fits =
    index.dtype === 'i32' &&
    src.dtype === x.dtype &&
    index.rank === x.rank &&
    src.rank === x.rank &&
    within(index.shape, src.shape) &&
    within(index.shape.with(d, 0), x.shape)
  if (!fits) misfit(op, x, dim, index, src)
  checkInside(op, 'the index', index, x.shape[d])
  const part = index.shape.reduce(
    (t, size, i) => (size === t.shape[i] ? t : narrow(t, i, 0, size)),
    src,
  )
  const missing = x.shape.map((size, i) => (i === d ? 0 : size - index.shape[i]))
  const padding = missing.reverse().flatMap(size => [0, size])
  if (padding.every(size => size === 0)) return [index, part, d] as const
  return [pad(index, padding, { value: -1 }), pad(part, padding), d] as const
}

function misfit(op: string, x: Tensor, dim: number, index: Tensor, src: Tensor): never {
  check(
    false,
    () =>
      `${op}: x is ${show(x.shape)} ${x.dtype}, the index ${show(index.shape)} ${index.dtype}, ` +
      `src ${show(src.shape)} ${src.dtype}; the index must be i32, of x's rank, within src, and ` +
      `within x but along dim ${dim}; src of x's dtype`,
  )
  throw new Error('internal: unreachable')
}
