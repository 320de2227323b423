/** Sums and means. */
import { dimOf, dimsOf, oneOf, shapeOf, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { reduce } from '../reference.js'
import { alone, type Case, on, type Rows } from '../row.js'

/** All dims, one, or some. */
export function someDims(random: Random, empty = true): Case {
  const shape = shapeOf(random, { empty })
  if (shape.length === 0 || sometimes(random, 0.2)) return on([shape])
  const dims = oneOf(random, [dimOf(random, shape), dimsOf(random, shape)])
  return on([shape], dims, { keepdim: sometimes(random) })
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'sum' | 'mean'> = {
  sum: {
    f: (x, dims, { keepdim } = {}) => reduce(x, dims, keepdim, () => 1),
    cases: [
      ...alone,                  on([[5, 7]], 0),           on([[5, 7]], -1, { keepdim: true }), on([[5, 7]], [1, 0]),
      on([[2, 3, 4]], 1),        on([[2, 3, 4]], [0, -1]),  on([[2, 3, 1, 2, 3, 2]], [5, 1, 3]), on([[0, 3]], 0),
      on([[5000]]),              on([[2, 4099]], 1),        on([[300, 70]], 0),                  on([[70, 1030]], 0),
    ],
    generate: someDims, linear: true, tolerance: 'summed', whole: true,
  },
  mean: {
    f: (x, dims, { keepdim } = {}) => reduce(x, dims, keepdim, n => n),
    cases: [
      on([[]]),                  on([[257]]),               on([[5, 7]], -1, { keepdim: true }), on([[5, 7]], 0),
      on([[2, 3, 4]], [0, -1]),  on([[5000]]),              on([[300, 70]], 0),                  on([[3, 0]], 0),
    ],
    generate: random => someDims(random, false), // the mean of nothing is NaN
    linear: true, tolerance: 'summed',
  },
}
