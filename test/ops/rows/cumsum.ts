/** Running sums. */
import { dimOf, shapeWithDims } from '../generate.js'
import { type Grid, zip } from '../reference.js'
import { on, type Rows } from '../row.js'

function running(x: Grid, dim: number): Grid {
  const rank = x.shape.length
  const y = zip(v => v, x)
  if (rank === 0) return y
  const d = (dim + rank) % rank
  const inner = x.shape.slice(d + 1).reduce((n, size) => n * size, 1)
  for (let i = 0; i < y.data.length; i++)
    if (Math.floor(i / inner) % x.shape[d] > 0) y.data[i] += y.data[i - inner]
  return y
}

export const rows: Rows<'cumsum'> = {
  cumsum: {
    f: running,
    cases: [
      on([[5, 7]], 0),
      on([[5, 7]], -1),
      on([[257]], 0),
      on([[2, 3, 4]], 1),
      on([[]], 0),
      on([[0, 3]], 1),
      on([[3, 0]], 1),
      on([[2, 700]], 1),
      on([[600, 3]], 0),
    ],
    generate(random) {
      const shape = shapeWithDims(random)
      return on([shape], dimOf(random, shape))
    },
    linear: true,
    tolerance: 'summed',
    whole: true,
  },
}
