/** Windows along a dim. */
import { between, dimOf, shapeOf } from '../generate.js'
import { at, fill } from '../reference.js'
import { on, type Rows, whole } from '../row.js'

// biome-ignore format: a table reads in columns
export const rows: Rows<'unfold'> = {
  unfold: {
    f: (x, dim, size, step) => {
      const d = (dim + x.shape.length) % x.shape.length
      const count = Math.floor((x.shape[d] - size) / step) + 1
      return fill([...x.shape.with(d, count), size], index => {
        const i = index.slice(0, -1)
        return at(x, i.with(d, i[d] * step + index.at(-1)!))
      })
    },
    cases: [on([[5, 7]], 1, 3, 1), on([[5, 7]], 0, 2, 2), on([[257]], 0, 5, 3), on([[2, 3, 4]], -2, 1, 5), on([[0, 3]], 1, 2, 1), on([[5, 7]], 1, 7, 1)],
    generate(random) {
      const shape = shapeOf(random, { rank: between(random, 1, 4), empty: false })
      const dim = dimOf(random, shape)
      return on([shape], dim, between(random, 1, Math.min(5, shape.at(dim)!)), between(random, 1, 4))
    },
    linear: true, ...whole,
  },
}
