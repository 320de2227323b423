/** Elements in reverse order, or moved round. */
import { between, dimsOf, shapeOf, shapeWithDims, sometimes } from '../generate.js'
import { at, fill, type Grid } from '../reference.js'
import { moved, on, type Rows } from '../row.js'

const fromFront = (dim: number, rank: number) => (dim + rank) % rank

function rolled(x: Grid, shift: number, dim: number): Grid {
  const d = fromFront(dim, x.shape.length)
  const n = x.shape[d]
  return fill(x.shape, i => at(x, i.with(d, (((i[d] - shift) % n) + n) % n)))
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'flip' | 'roll'> = {
  flip: {
    f: (x, dims) => [dims].flat().reduce((y, dim) => {
      const d = fromFront(dim, x.shape.length)
      return fill(y.shape, i => at(y, i.with(d, y.shape[d] - 1 - i[d])))
    }, x),
    cases: [
      on([[5, 7]], 0), on([[5, 7]], [1]), on([[5, 7]], [0, -1]), on([[257]], 0), on([[5, 7]], []), on([[0, 3]], 1),
      on([[2, 3, 1, 2, 3, 2]], [5, 0, 3]),
    ],
    generate(random) {
      const shape = shapeWithDims(random)
      return on([shape], dimsOf(random, shape))
    },
    ...moved,
  },
  roll: {
    f: (x, shifts, dims) => {
      if (dims === undefined) return { ...x, data: rolled({ shape: [x.data.length], data: x.data }, shifts as number, 0).data }
      const list = [dims].flat()
      return [shifts].flat().reduce((y, shift, k) => rolled(y, shift, list[k]), x)
    },
    cases: [
      on([[5, 7]], 1), on([[5, 7]], 2, 0), on([[5, 7]], [-1, 3], [0, 1]), on([[257]], 300, 0), on([[5, 7]], 0, 1),
      on([[0, 3]], 1, 0), on([[]], 1), on([[5, 7]], [1, 1], [0, 0]),
    ],
    generate(random) {
      const shape = shapeWithDims(random)
      if (sometimes(random, 0.2)) return on([shapeOf(random)], between(random, -9, 9))
      const dims = dimsOf(random, shape)
      return on([shape], dims.map(() => between(random, -9, 9)), dims)
    },
    ...moved,
  },
}
