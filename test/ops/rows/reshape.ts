/** The same elements in another shape. */
import { between, broadcastable, dimOf, shapeOf, shapeWithDims, sometimes } from '../generate.js'
import { reshape } from '../reference.js'
import { moved, on, type Rows, unary } from '../row.js'

// biome-ignore format: a table reads in columns
export const rows: Rows<'reshape' | 'flatten' | 'squeeze' | 'unsqueeze' | 'contiguous'> = {
  reshape: {
    f: reshape,
    cases: [
      on([[5, 7]], [7, 5]), on([[5, 7]], [-1]), on([[]], [1, 1]), on([[1]], []), on([[0, 3]], [3, 0, 2]),
      on([[4, 6]], [2, 2, -1, 2]), on([[2, 3, 1, 2, 3, 2]], [12, -1]),
    ],
    generate(random) { // joins neighbours, inserts ones, leaves a size open
      const shape = shapeWithDims(random)
      const at = between(random, 0, shape.length - 1)
      const joined = [...shape.slice(0, at), shape.slice(at, at + 2).reduce((a, b) => a * b), ...shape.slice(at + 2)]
      const to = sometimes(random) ? joined.toSpliced(between(random, 0, joined.length), 0, 1) : joined
      const open = between(random, 0, to.length - 1)
      return on([shape], sometimes(random) && !shape.includes(0) ? to.with(open, -1) : to)
    },
    ...moved,
  },
  flatten: {
    f: (x, start = 0, end = -1) => {
      const [a, b] = [start, end].map(d => (d < 0 ? d + x.shape.length : d))
      const joined = x.shape.slice(a, b + 1).reduce((product, size) => product * size, 1)
      return reshape(x, x.shape.length ? [...x.shape.slice(0, a), joined, ...x.shape.slice(b + 1)] : [1])
    },
    cases: [on([[]]), on([[5, 7]]), on([[2, 3, 4]], 1), on([[2, 3, 4]], 0, 1), on([[2, 3, 1, 2, 3, 2]], -5, -2)],
    generate(random) {
      const shape = shapeWithDims(random)
      const from = between(random, 0, shape.length - 1)
      const to = between(random, from, shape.length - 1)
      return on([shape], from, sometimes(random) ? to - shape.length : to)
    },
    ...moved,
  },
  squeeze: {
    f: (x, dim) => reshape(x, x.shape.filter((size, d) =>
      size !== 1 || (dim !== undefined && d !== (dim + x.shape.length) % x.shape.length))),
    cases: [on([[1, 5, 1, 7]]), on([[1, 5, 1, 7]], 0), on([[1, 5, 1, 7]], -2), on([[1, 5, 1, 7]], 1), on([[1]])],
    generate(random) {
      const shape = broadcastable(random, shapeWithDims(random))
      return shape.length && sometimes(random, 0.7) ? on([shape], dimOf(random, shape)) : on([shape])
    },
    ...moved,
  },
  unsqueeze: {
    f: (x, dim) => reshape(x, x.shape.toSpliced(dim < 0 ? dim + x.shape.length + 1 : dim, 0, 1)),
    cases: [on([[]], 0), on([[5, 7]], 0), on([[5, 7]], 1), on([[5, 7]], -1), on([[5, 7]], -3)],
    generate(random) {
      const shape = shapeOf(random, { rank: between(random, 0, 5) })
      return on([shape], dimOf(random, [...shape, 1]))
    },
    ...moved,
  },
  contiguous: unary(x => x, moved),
}
