/** Losses. */
import { oneOf, shapeOf } from '../generate.js'
import { reduce, zip } from '../reference.js'
import { on, type Rows } from '../row.js'

// biome-ignore format: a table reads in columns
export const losses: Rows<
  'mseLoss'
> = {
  mseLoss: {
    f: (x, t, { reduction = 'mean' } = {}) => {
      const e = zip((a, b) => (a - b) ** 2, x, t)
      return reduction === 'none' ? e : reduce(e, undefined, false, n => (reduction === 'sum' ? 1 : n))
    },
    cases: [
      on([[], []]),                                   on([[257], [257]]),
      on([[5, 7], [5, 7]]),                           on([[2, 3, 1, 2, 3, 2], [2, 3, 1, 2, 3, 2]]),
      on([[5, 7], [5, 7]], { reduction: 'sum' }),     on([[5, 7], [5, 7]], { reduction: 'none' }),
      on([[0, 3], [0, 3]], { reduction: 'none' }),
    ],
    generate(random) {
      const shape = shapeOf(random, { empty: false })
      return on([shape, shape], { reduction: oneOf(random, ['mean', 'sum', 'none']) })
    },
  },
}
