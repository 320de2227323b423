/** Whole rows picked by an index: parts of a tensor, and the vectors that stand for words. */
import { check } from '../../kernels/check.js'
import { launch } from '../../kernels/launch.js'
import { compact } from '../../tensor/contiguous.js'
import { zeros } from '../../tensor/create.js'
import { bitsOf } from '../../tensor/dtype.js'
import { dimOf, show } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { checkFloat } from './operands.js'
import { permute } from './permute.js'
import { flatten, reshape } from './reshape.js'

/**
 * y[…, k, …] = x[…, index[k], …] along a dimension.
 *
 * index i32 [count]. An index outside of x gives NaN (0 where x is whole) and passes no gradient.
 * @throws Error unless the index is a list of i32
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  const d = dimOf('indexSelect', dim, x.rank)
  check(
    x.rank > 0 && index.rank === 1 && index.dtype === 'i32',
    () =>
      `indexSelect: x is ${show(x.shape)}, the index ${show(index.shape)} ${index.dtype}; it must be a list of i32, and x no scalar`,
  )
  // the dimension in front, the others as one row
  const front = [d, ...x.shape.keys()].filter((at, i) => i === 0 || at !== d)
  const others = front.slice(1).map(at => x.shape[at])
  const width = others.reduce((n, size) => n * size, 1)
  const y = pick(reshape(permute(x, front), [x.shape[d], width]), index, none)
  const back = [...x.shape.keys()].map(at => front.indexOf(at))
  return permute(reshape(y, [index.size, ...others]), back)
}

/**
 * The row of a table for every index:  y[…, i] = w[index[…], i].
 *
 * index i32 [...]   w [entries, width]   y [..., width]. The row `paddingIdx` receives no gradient. An index
 * outside of the table gives NaN.
 * @throws Error when shapes or dtypes do not fit
 */
export function embedding(
  index: Tensor,
  weight: Tensor,
  { paddingIdx = null }: { paddingIdx?: number | null } = {},
): Tensor {
  check(
    index.dtype === 'i32' && weight.rank === 2,
    () =>
      `embedding: the index is ${show(index.shape)} ${index.dtype}, the weight ${show(weight.shape)}; the index must be i32, the weight [entries, width]`,
  )
  checkFloat('embedding', weight)
  const entries = weight.shape[0]
  const padding = paddingIdx ?? none
  check(
    paddingIdx === null || (Number.isInteger(padding) && padding >= -entries && padding < entries),
    () => `embedding: paddingIdx is ${paddingIdx}; there are rows 0 to ${entries - 1}`,
  )
  const skip = paddingIdx !== null && padding < 0 ? padding + entries : padding
  const y = pick(weight, flatten(index), skip, false)
  return reshape(y, [...index.shape, weight.shape[1]])
}

const none = -1

/** y[k,i] = x[index[k], i]. Row `skip` passes nothing back, and, if `bare`, gives 0. */
function pick(x: Tensor, index: Tensor, skip: number, bare = true): Tensor {
  const [source, places] = [compact(x), compact(index)]
  const y = empty([index.size, x.shape[1]], x.dtype, 'indexSelect')
  launch('embedding', {
    entry: 'pick',
    params: { ...paramsOf(x.shape, source, places, y.size), skip: bare ? skip : none },
    buffers: {
      source: source.storage.lease,
      index: places.storage.lease,
      result: y.storage.lease,
    },
    threads: y.size,
  })
  return record('indexSelect', y, [[x, dy => collect(dy, index, skip, x.shape)]])
}

/** x[j,i] = Σ y[k,i] over the k with index[k] = j: the adjoint of pick. */
function collect(y: Tensor, index: Tensor, skip: number, shape: readonly number[]): Tensor {
  const [source, places] = [compact(y), compact(index)]
  const x = zeros(shape)
  const links = empty([index.size, 2], 'u32', 'links')
  launch('embedding', {
    entry: 'link',
    params: { ...paramsOf(shape, source, places, index.size), skip },
    buffers: { index: places.storage.lease, linking: links.storage.lease },
    threads: index.size,
  })
  launch('embedding', {
    entry: 'collect',
    params: paramsOf(shape, source, places, y.size),
    buffers: {
      source: source.storage.lease,
      index: places.storage.lease,
      links: links.storage.lease,
      result: x.storage.lease,
    },
    threads: y.size,
  })
  return record('indexSelectBackward', x, [[y, dx => pick(dx, index, skip)]])
}

function paramsOf([size, width]: readonly number[], source: Tensor, places: Tensor, n: number) {
  return {
    n,
    size,
    width,
    count: places.size,
    source_offset: source.offset,
    index_offset: places.offset,
    missing: bitsOf(source.dtype === 'f32' ? NaN : 0, source.dtype),
  }
}
