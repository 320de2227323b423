/** Dimensions in another order: views, undone by the inverse order. */
import { check } from '../../kernels/check.js'
import { checkList, checkTensor } from '../../tensor/arguments.js'
import { dimOf, dimsOf, show } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'

/** Dimension d of the result is dimension dims[d] of x. */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  checkTensor('permute', x)
  checkList('permute', 'dims', dims, 'permute(x, [1, 0])')
  const order = dimsOf('permute', dims, x.rank)
  check(
    dims.length === x.rank,
    () =>
      `permute: dims [${dims}] for ${show(x.shape)}; ` +
      `each of its ${x.rank} dimensions must occur once`,
  )
  const y = view(
    x,
    { shape: order.map(d => x.shape[d]), strides: order.map(d => x.strides[d]) },
    'permute',
  )
  const inverse = order.map((_, d) => order.indexOf(d))
  return record('permute', y, [[x, dy => permute(dy, inverse)]])
}

/** Two dimensions exchanged; the last two by default, which is the transposed matrix. */
export function transpose(x: Tensor, dim0 = -2, dim1 = -1): Tensor {
  checkTensor('transpose', x)
  const [a, b] = [dimOf('transpose', dim0, x.rank), dimOf('transpose', dim1, x.rank)]
  const swap = (list: readonly number[]) =>
    x.rank === 0 ? list : list.with(a, list[b]).with(b, list[a])
  const y = view(x, { shape: swap(x.shape), strides: swap(x.strides) }, 'transpose')
  return record('transpose', y, [[x, dy => transpose(dy, a, b)]])
}
