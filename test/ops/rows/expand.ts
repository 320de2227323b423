/** Repeating along dims, and the sum that undoes it. */
import { broadcastable, shapeOf, sometimes } from '../generate.js'
import { sumTo, zip } from '../reference.js'
import { moved, on, type Rows, whole } from '../row.js'

// biome-ignore format: a table reads in columns
export const rows: Rows<'expand' | 'sumTo'> = {
  expand: {
    f: (x, shape) => {
      const to = shape.map((size, d) => (size < 0 ? x.shape[d - shape.length + x.shape.length] : size))
      return zip((_, v) => v, { shape: to, data: new Float64Array(to.reduce((n, size) => n * size, 1)) }, x)
    },
    cases: [
      on([[5, 1]], [5, 7]), on([[7]], [5, 7]), on([[]], [2, 3]), on([[5, 1]], [-1, 7]), on([[1, 5, 1]], [2, 5, 3]),
      on([[1]], [257]),     on([[1, 3]], [0, 3]), on([[3, 1, 2, 1, 2]], [2, 3, 4, 2, 2, 2]),
    ],
    generate(random) {
      const shape = shapeOf(random)
      const from = broadcastable(random, shape)
      const kept = shape.length - from.length
      return on([from], shape.map((size, d) => (from[d - kept] === size && sometimes(random, 0.3) ? -1 : size)))
    },
    ...moved,
  },
  sumTo: {
    f: sumTo,
    cases: [
      on([[5, 7]], [7]),  on([[5, 7]], [5, 1]),  on([[5, 7]], []), on([[5, 7]], [5, 7]), on([[5, 7]], [1, 1]),
      on([[257]], [1]),   on([[0, 3]], [1, 3]),  on([[2, 3, 4, 2, 2, 2]], [3, 1, 2, 1, 2]),
    ],
    generate(random) {
      const shape = shapeOf(random)
      return on([shape], broadcastable(random, shape))
    },
    linear: true, ...whole,
  },
}
