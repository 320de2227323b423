/** Coordinates of grids, stacked: each of the results depends on one input only. */
import * as kg from '../../../src/index.js'
import { size, sometimes } from '../generate.js'
import { fill, type Grid } from '../reference.js'
import { moved, on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor
type Options = kg.MeshgridOptions

function meshgrid(xs: Grid[], { indexing = 'ij' }: Options = {}): Grid {
  const order = indexing === 'xy' ? [1, 0, 2] : [0, 1, 2]
  const lengths = order.map(i => xs[i].data.length)
  return fill([xs.length, ...lengths], ([d, ...index]) => xs[d].data[index[order[d]]])
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'meshgrid'> = {
  meshgrid: via(
    (a: Tensor, b: Tensor, c: Tensor, options?: Options) => kg.stack(kg.meshgrid([a, b, c], options)),
    (a, b, c, options) => meshgrid([a, b, c], options),
    {
      cases: [
        on([[5], [7], [2]]), on([[5], [7], [2]], { indexing: 'xy' }), on([[], [3], [1]]), on([[0], [3], [2]]),
        on([[257], [1], [2]], { indexing: 'xy' }),
      ],
      generate: random => on([0, 1, 2].map(() => [size(random, { empty: true })].filter(() => sometimes(random, 0.9))), { indexing: sometimes(random) ? 'ij' : 'xy' }),
      ...moved,
    },
  ),
}
