/** Coordinates of the points of a grid. */
import { check } from '../../kernels/check.js'
import { checkList, checkTensor, optionsOf } from '../../tensor/arguments.js'
import { show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { expand } from './expand.js'
import { transpose } from './permute.js'
import { reshape } from './reshape.js'

export interface MeshgridOptions {
  /** Whether the first vector runs along the rows (`ij`, the default) or the columns (`xy`). */
  indexing?: 'ij' | 'xy'
}

/**
 * One tensor per vector: the grid of all combinations, each with the coordinate of its vector.
 *
 *     [X, Y] = meshgrid([x, y])     X[i, j] = x[i]   Y[i, j] = y[j]
 *
 * With `indexing: 'xy'` the first two dims are swapped: X[i, j] = x[j] and Y[i, j] = y[i]. All
 * results are views. A scalar counts as a vector of one element.
 * @throws Error when there is no tensor, or one has several dims
 */
export function meshgrid(tensors: readonly Tensor[], options: MeshgridOptions = {}): Tensor[] {
  checkList('meshgrid', 'the first argument', tensors, "meshgrid([x, y], { indexing: 'xy' })")
  checkTensor('meshgrid', ...tensors)
  const { indexing = 'ij' } = optionsOf('meshgrid', options, ['indexing'])
  check(
    indexing === 'ij' || indexing === 'xy',
    () => `meshgrid: indexing is '${indexing}'; it must be 'ij' or 'xy'`,
  )
  const { length } = tensors
  check(
    length > 0 && tensors.every(t => t.rank <= 1 && t.dtype === tensors[0].dtype),
    () =>
      `meshgrid: ${tensors.map(t => `${show(t.shape)} ${t.dtype}`).join(', ') || 'no tensors'}; ` +
      'there must be one vector at least, and all of one dtype',
  )
  const shape = tensors.map(t => t.size)
  const swapped = indexing === 'xy' && length > 1
  return tensors.map((t, d) => {
    const along = shape.map((size, i) => (i === d ? size : 1))
    const grid = expand(reshape(t, along), shape)
    return swapped ? transpose(grid, 0, 1) : grid
  })
}
