/** Softmax and its logarithm. */
import { dimOf, shapeOf } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { on, type Rows } from '../row.js'

/** f of each row along a dim, which the result lacks. */
export function alongDim(x: Grid, dim: number, f: (values: number[]) => number): Grid {
  const d = (dim + x.shape.length) % x.shape.length
  return fill(x.shape.toSpliced(d, 1), index =>
    f(Array.from({ length: x.shape[d] }, (_, j) => at(x, index.toSpliced(d, 0, j)))),
  )
}

export function logShares(x: Grid, dim: number): Grid {
  if (x.shape.length === 0) return fill([], () => 0)
  const d = (dim + x.shape.length) % x.shape.length
  const logs = alongDim(x, d, values => {
    const m = Math.max(...values)
    return m + Math.log(values.reduce((sum, v) => sum + Math.exp(v - m), 0))
  })
  return fill(x.shape, index => at(x, index) - at(logs, index.toSpliced(d, 1)))
}

// biome-ignore format: a table reads in columns
const cases = [
  on([[7]], 0),          on([[5, 7]], 0),     on([[5, 7]], 1),        on([[2, 3, 4]], -2),  on([[2, 3, 1, 2, 3, 2]], 3),
  on([[3, 257]], -1),    on([[257, 3]], 1),   on([[5, 1]], 1),        on([[0, 3]], 1),      on([[3, 0]], 1),  on([[]], 0),
]

function generate(random: Random) {
  const shape = shapeOf(random)
  return on([shape], shape.length > 0 ? dimOf(random, shape) : 0)
}

const more = { cases, generate, tolerance: 'curved' } as const

export const rows: Rows<'softmax' | 'logSoftmax'> = {
  softmax: {
    f: (x, dim) => {
      const y = logShares(x, dim)
      return fill(x.shape, index => Math.exp(at(y, index)))
    },
    ...more,
  },
  logSoftmax: { f: logShares, ...more },
}
