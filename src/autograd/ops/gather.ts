/** Elements picked by an index along a dimension, and its adjoint: put back, those of one place added up. */
import { check } from '../../kernels/check.js'
import { launch } from '../../kernels/launch.js'
import { compact } from '../../tensor/contiguous.js'
import { bitsOf } from '../../tensor/dtype.js'
import { dimOf, type Shape, show, sizeOf } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { narrow } from './slice.js'

/**
 * y[…, k, …] = x[…, index[…, k, …], …] along a dimension.
 *
 * The index, i32, has x's rank, may be of any size along the dimension, and is nowhere else larger than x.
 * An index outside of x gives NaN (0 where x is whole) and passes no gradient.
 * @throws Error when shapes or dtypes do not fit
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const d = dimOf('gather', dim, x.rank)
  check(
    index.dtype === 'i32' &&
      index.rank === x.rank &&
      index.shape.every((size, i) => i === d || size <= x.shape[i]),
    () =>
      `gather: x is ${show(x.shape)}, the index ${show(index.shape)} ${index.dtype}; it must be i32, of as many dimensions, and larger along dim ${dim} only`,
  )
  const within = index.shape.reduce(
    (part, size, i) => (i === d || size === x.shape[i] ? part : narrow(part, i, 0, size)),
    x,
  )
  return pick(within, d, index)
}

/** Gather where index and x differ along d alone. */
export function pick(x: Tensor, d: number, index: Tensor): Tensor {
  const y = move('pick', x, d, index, index.shape)
  return record('gather', y, [
    [x, dy => collect(dy, d, index, x.shape)],
    [index, null],
  ])
}

/** x[…, j, …] = Σ y[…, k, …] over the k with index[…, k, …] = j: the adjoint of pick. */
export function collect(y: Tensor, d: number, index: Tensor, shape: Shape): Tensor {
  const x = move('collect', y, d, index, shape)
  return record('collect', x, [[y, dx => pick(dx, d, index)]])
}

function move(
  entry: 'pick' | 'collect',
  x: Tensor,
  d: number,
  index: Tensor,
  shape: Shape,
): Tensor {
  const [source, places] = [compact(x), compact(index)]
  const result = empty(shape, x.dtype, 'gather')
  const size = (entry === 'pick' ? x.shape : shape)[d] ?? 1
  launch('gather', {
    entry,
    params: {
      n: result.size,
      size,
      count: index.shape[d] ?? 1,
      inner: sizeOf(shape.slice(d + 1)),
      source_offset: source.offset,
      index_offset: places.offset,
      missing: bitsOf(x.dtype === 'f32' ? NaN : 0, x.dtype),
    },
    buffers: {
      source: source.storage.lease,
      index: places.storage.lease,
      result: result.storage.lease,
    },
    threads: result.size,
  })
  return result
}
