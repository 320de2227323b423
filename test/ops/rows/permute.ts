/** Dims in another order. */
import { dimOf, shapeOf, shapeWithDims, shuffled, sometimes } from '../generate.js'
import { permute, transpose } from '../reference.js'
import { moved, on, type Rows } from '../row.js'

// biome-ignore format: a table reads in columns
export const rows: Rows<'permute' | 'transpose'> = {
  permute: {
    f: permute,
    cases: [on([[]], []), on([[5, 7]], [1, 0]), on([[2, 3, 4]], [2, 0, -2]), on([[2, 3, 1, 2, 3, 2]], [5, 0, 3, 1, 4, 2])],
    generate(random) {
      const shape = shapeOf(random)
      const dims = shuffled(random, [...shape.keys()])
      return on([shape], dims.map(d => (sometimes(random, 0.3) ? d - shape.length : d)))
    },
    ...moved,
  },
  transpose: {
    f: transpose,
    cases: [on([[5, 7]]), on([[2, 3, 4]], 0, 1), on([[2, 3, 4]], 0, -1), on([[0, 3]]), on([[257, 1]])],
    generate(random) {
      const shape = shapeWithDims(random)
      return on([shape], dimOf(random, shape), dimOf(random, shape))
    },
    ...moved,
  },
}
