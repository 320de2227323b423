/** Joining tensors. */
import * as kg from '../../../src/index.js'
import { dimOf, shapeOf, size } from '../generate.js'
import { at, fill, type Grid } from '../reference.js'
import { exact, on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor

const fromFront = (dim: number, rank: number) => (dim + rank) % rank

function cat(xs: Grid[], dim = 0): Grid {
  const d = fromFront(dim, xs[0].shape.length)
  const shape = xs[0].shape.with(
    d,
    xs.reduce((sum, x) => sum + x.shape[d], 0),
  )
  return fill(shape, index => {
    let i = index[d]
    for (const x of xs) {
      if (i < x.shape[d]) return at(x, index.with(d, i))
      i -= x.shape[d]
    }
    return NaN
  })
}

function stack(xs: Grid[], dim = 0): Grid {
  const d = fromFront(dim, xs[0].shape.length + 1)
  const shape = xs[0].shape.toSpliced(d, 0, xs.length)
  return fill(shape, index => at(xs[index[d]], index.toSpliced(d, 1)))
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'cat' | 'stack'> = {
  cat: via(
    (a: Tensor, b: Tensor, c: Tensor, dim?: number) => kg.cat([a, b, c], dim),
    (a, b, c, dim) => cat([a, b, c], dim),
    {
      cases: [
        on([[5, 7], [2, 7], [1, 7]]),              on([[5, 7], [5, 1], [5, 257]], 1), on([[3], [0], [2]], 0),
        on([[2, 3, 4], [2, 1, 4], [2, 5, 4]], -2), on([[0, 3], [0, 3], [0, 3]], 1),
        on([[2, 3, 1, 2, 3, 2], [2, 3, 1, 2, 1, 2], [2, 3, 1, 2, 2, 2]], 4),
      ],
      generate(random) {
        const shape = shapeOf(random)
        if (shape.length === 0) return on([[1], [2], [3]])
        const dim = dimOf(random, shape)
        return on([0, 1, 2].map(() => shape.with(dim, size(random, { empty: true }))), dim)
      },
      linear: true, ...exact,
    },
  ),
  stack: via(
    (a: Tensor, b: Tensor, c: Tensor, dim?: number) => kg.stack([a, b, c], dim),
    (a, b, c, dim) => stack([a, b, c], dim),
    {
      cases: [on([[5, 7], [5, 7], [5, 7]]), on([[5, 7], [5, 7], [5, 7]], -1), on([[], [], []]), on([[257], [257], [257]], 1)],
      generate(random) {
        const shape = shapeOf(random).slice(0, 5)
        return on([shape, shape, shape], dimOf(random, [...shape, 1]))
      },
      linear: true, ...exact,
    },
  ),
}
