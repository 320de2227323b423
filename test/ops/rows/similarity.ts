/** Directions of vectors, and how alike two are. */
import { dimOf, shapeWithDims } from '../generate.js'
import { at, fill, type Grid, zip } from '../reference.js'
import { curved, on, type Rows } from '../row.js'
import { alongDim } from './softmax.js'

const product = (a: Grid, b: Grid) => zip((p, q) => p * q, a, b)

function normalized(x: Grid, p: number, dim: number, eps: number): Grid {
  const d = (dim + x.shape.length) % x.shape.length
  const sizes = alongDim(x, d, v =>
    Math.max(eps, v.reduce((sum, e) => sum + Math.abs(e) ** p, 0) ** (1 / p)),
  )
  return fill(x.shape, i => at(x, i) / at(sizes, i.toSpliced(d, 1)))
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'normalize' | 'cosineSimilarity'> = {
  normalize: {
    f: (x, { p = 2, dim = 1, eps = 1e-12 } = {}) => normalized(x, p, dim, eps),
    cases: [on([[5, 7]]), on([[5, 7]], { dim: 0 }), on([[2, 3, 4]], { p: 3, dim: -1 }), on([[257]], { dim: 0 }), on([[5, 7]], { p: 1 }), on([[5, 7]], { eps: 100 })],
    generate(random) {
      const shape = shapeWithDims(random)
      return on([shape], { dim: dimOf(random, shape) })
    },
    from: 'distinct', ...curved,
  },
  cosineSimilarity: {
    f: (a, b, { dim = 1, eps = 1e-8 } = {}) =>
      alongDim(product(normalized(a, 2, dim, eps), normalized(b, 2, dim, eps)), dim, v => v.reduce((sum, e) => sum + e, 0)),
    cases: [on([[5, 7], [5, 7]]), on([[2, 3, 4], [2, 3, 4]], { dim: -1 }), on([[5, 7], [1, 7]]), on([[65], [65]], { dim: 0 })],
    from: 'distinct', ...curved,
  },
}
