/** The same elements in the same order under another shape. */
import { check } from '../../kernels/check.js'
import { checkList, checkTensor } from '../../tensor/arguments.js'
import { copy } from '../../tensor/contiguous.js'
import { restride } from '../../tensor/layout.js'
import { dimOf, type Shape, show, sizeOf, stridesOf } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { recordCommuting } from '../fuse.js'
import { record } from '../tape.js'

/**
 * x under another shape with as many elements; one size may be −1 and is then worked out.
 * A view wherever strides can express it, else a copy.
 * @throws Error when the number of elements differs
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor('reshape', x)
  checkList('reshape', 'the shape', shape, 'reshape(x, [3, 1])')
  const to = resolve(x, shape)
  const strides = restride(x.shape, x.strides, to)
  const y = strides
    ? view(x, { shape: to, strides }, 'reshape')
    : view(copy(x), { shape: to, strides: stridesOf(to), offset: 0 }, 'reshape')
  return recordCommuting('reshape', y, x, dy => reshape(dy, x.shape))
}

/** Dims startDim to endDim as one. */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  checkTensor('flatten', x)
  const [from, to] = [dimOf('flatten', startDim, x.rank), dimOf('flatten', endDim, x.rank)]
  check(
    from <= to,
    () => `flatten: startDim ${startDim} comes after endDim ${endDim} in ${show(x.shape)}`,
  )
  return reshape(x, [
    ...x.shape.slice(0, from),
    sizeOf(x.shape.slice(from, to + 1)),
    ...x.shape.slice(to + 1),
  ])
}

/** Without a dimension of size 1, or without all of them; another size is left as it is. */
export function squeeze(x: Tensor, dim?: number): Tensor {
  checkTensor('squeeze', x)
  if (dim === undefined)
    return reshape(
      x,
      x.shape.filter(size => size !== 1),
    )
  const at = dimOf('squeeze', dim, x.rank)
  return x.shape[at] === 1 ? reshape(x, x.shape.toSpliced(at, 1)) : reshape(x, x.shape)
}

/** With a dimension of size 1 more, before the dimension that is now `dim`. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  checkTensor('unsqueeze', x)
  return reshape(x, x.shape.toSpliced(dimOf('unsqueeze', dim, x.rank + 1), 0, 1))
}

/** The tensor itself if its elements lie in index order, else a copy in which they do. */
export function contiguous(x: Tensor): Tensor {
  checkTensor('contiguous', x)
  return x.isContiguous ? x : record('contiguous', copy(x), [[x, dy => dy]])
}

function resolve(x: Tensor, shape: Shape): number[] {
  const open = shape.indexOf(-1)
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const to = open < 0 ? [...shape] : shape.with(open, x.size / known)
  check(
    to.every(size => Number.isInteger(size) && size >= 0) && sizeOf(to) === x.size,
    () => `reshape: ${show(x.shape)} to ${show(shape)}; ${x.size} elements must stay ${x.size}`,
  )
  return to
}
