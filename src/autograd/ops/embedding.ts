/** Whole rows taken by an index: parts of a tensor, or the vectors that represent words. */
import { check } from '../../kernels/check.js'
import { gatherRows, none, scatterAddRows } from '../../launches/embedding.js'
import { checkTensor, optionsOf } from '../../tensor/arguments.js'
import { checkInside } from '../../tensor/known.js'
import { dimOf, type Shape, show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { checkFloat } from './operands.js'
import { permute } from './permute.js'
import { flatten, reshape } from './reshape.js'

/**
 * y[…, k, …] = x[…, index[k], …] along a dimension.
 *
 * index i32 [count]. An index that the GPU computed and that lies outside of x gives NaN
 * (0 for whole numbers) and passes no gradient.
 * @throws Error unless the index is a list of i32, and inside of x if it is from the host
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  checkTensor('indexSelect', x, index)
  const d = dimOf('indexSelect', dim, x.rank)
  check(
    x.rank > 0 && index.rank === 1 && index.dtype === 'i32',
    () =>
      `indexSelect: x is ${show(x.shape)}, the index ${show(index.shape)} ${index.dtype}; ` +
      'it must be a list of i32, and x no scalar',
  )
  checkInside('indexSelect', 'the index', index, x.shape[d])
  // the dimension first, all others as one row
  const front = [d, ...x.shape.keys()].filter((at, i) => i === 0 || at !== d)
  const others = front.slice(1).map(at => x.shape[at])
  const y = takeRows(reshape(permute(x, front), [x.shape[d], sizeOf(others)]), index, none)
  const back = [...x.shape.keys()].map(at => front.indexOf(at))
  return permute(reshape(y, [index.size, ...others]), back)
}

/**
 * The row of a table for every index:  y[…, i] = w[index[…], i].
 *
 * index i32 [...]   w [entries, width]   y [..., width]. The row `paddingIdx` receives no gradient.
 * An index that the GPU computed and that lies outside of the table gives NaN.
 * @throws Error when shapes or dtypes do not fit, or an index from the host lies outside
 */
export function embedding(
  index: Tensor,
  weight: Tensor,
  options: { paddingIdx?: number | null } = {},
): Tensor {
  const { paddingIdx = null } = optionsOf('embedding', options, ['paddingIdx'])
  checkTensor('embedding', index, weight)
  check(
    index.dtype === 'i32' && weight.rank === 2,
    () =>
      `embedding: the index is ${show(index.shape)} ${index.dtype}, the weight ` +
      `${show(weight.shape)}; the index must be i32, the weight [entries, width]`,
  )
  checkFloat('embedding', weight)
  const entries = weight.shape[0]
  checkInside('embedding', 'the index', index, entries)
  const padding = paddingIdx ?? none
  check(
    paddingIdx === null || (Number.isInteger(padding) && padding >= -entries && padding < entries),
    () => `embedding: paddingIdx is ${paddingIdx}; there are rows 0 to ${entries - 1}`,
  )
  const skip = paddingIdx !== null && padding < 0 ? padding + entries : padding
  const y = takeRows(weight, flatten(index), skip, false)
  return reshape(y, [...index.shape, weight.shape[1]])
}

/** y[k,i] = x[index[k], i]. Row `skip` receives no gradient and, if `zeroSkipped`, gives 0. */
function takeRows(x: Tensor, index: Tensor, skip: number, zeroSkipped = true): Tensor {
  const y = gatherRows(x, index, zeroSkipped ? skip : none)
  return record('indexSelect', y, [[x, dy => addRows(dy, index, skip, x.shape)]])
}

/** x[j,i] = Σ y[k,i] over the k with index[k] = j: the adjoint of takeRows. */
function addRows(y: Tensor, index: Tensor, skip: number, shape: Shape): Tensor {
  const x = scatterAddRows(y, index, skip, shape)
  return record('indexSelectBackward', x, [[y, dx => takeRows(dx, index, skip)]])
}
