/** Joining and picking. */
import * as kg from '../../../src/index.js'
import { between, dimOf, shapeOf, size } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { type Case, exact, on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor

const place = (dim: number, rank: number) => (dim + rank) % rank

function cat(xs: Grid[], dim = 0): Grid {
  const d = place(dim, xs[0].shape.length)
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
  const d = place(dim, xs[0].shape.length + 1)
  const shape = xs[0].shape.toSpliced(d, 0, xs.length)
  return fill(shape, index => at(xs[index[d]], index.toSpliced(d, 1)))
}

/** x and an index into n places. */
const among = (n: number) => ['any', { below: n }] as const

function gatherAtRandom(random: Random): Case {
  const shape = shapeOf(random, { empty: false }).slice(0, 4)
  if (shape.length === 0) return { ...on([[3], [2]], 0), from: among(3) }
  const dim = dimOf(random, shape)
  const d = place(dim, shape.length)
  const index = shape.map((n, i) =>
    i === d ? size(random, { empty: true }) : between(random, 1, n),
  )
  return { ...on([shape, index], dim), from: among(shape[d]) }
}

function selectAtRandom(random: Random): Case {
  const shape = shapeOf(random, { empty: false }).slice(0, 4)
  if (shape.length === 0) return { ...on([[3], [2]], 0), from: among(3) }
  const dim = dimOf(random, shape)
  return {
    ...on([shape, [size(random, { empty: true })]], dim),
    from: among(shape.at(place(dim, shape.length))!),
  }
}

// biome-ignore format: a table reads in columns
export const picks: Rows<'cat' | 'stack' | 'gather' | 'indexSelect' | 'embedding'> = {
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
  gather: via(
    (x: Tensor, index: Tensor, dim: number) => kg.gather(x, dim, index),
    (x, index, dim) => {
      const d = place(dim, x.shape.length)
      return fill(index.shape, i => at(x, i.with(d, at(index, i))))
    },
    {
      cases: [
        { ...on([[5, 7], [5, 3]], 1), from: among(7) }, { ...on([[5, 7], [9, 7]], 0), from: among(5) }, { ...on([[257], [300]], 0), from: among(257), tolerance: 'summed' },
        { ...on([[4, 3, 5], [2, 6, 4]], -2), from: among(3) }, { ...on([[5, 7], [5, 0]], 1), from: among(7) },
      ],
      generate: gatherAtRandom,
      linear: [[0]],
      ...exact,
    },
  ),
  indexSelect: via(
    (x: Tensor, index: Tensor, dim: number) => kg.indexSelect(x, dim, index),
    (x, index, dim) => {
      const d = place(dim, x.shape.length)
      return fill(x.shape.with(d, index.data.length), i => at(x, i.with(d, index.data[i[d]])))
    },
    {
      cases: [
        { ...on([[5, 7], [3]], 0), from: among(5) }, { ...on([[5, 7], [9]], 1), from: among(7) }, { ...on([[257], [300]], 0), from: among(257), tolerance: 'summed' },
        { ...on([[2, 3, 4], [5]], -2), from: among(3) }, { ...on([[5, 7], [0]], 0), from: among(5) }, { ...on([[1, 3], [4]], 0), from: among(1) },
      ],
      generate: selectAtRandom,
      linear: [[0]],
      ...exact,
    },
  ),
  embedding: via(
    (index: Tensor, w: Tensor) => kg.embedding(index, w),
    (index, w) => fill([...index.shape, w.shape[1]], i => at(w, [at(index, i.slice(0, -1)), i.at(-1)!])),
    {
      cases: [on([[5], [9, 4]]), on([[2, 3], [9, 1]]), on([[], [9, 4]]), on([[300], [9, 3]]), on([[0], [9, 3]])],
      generate(random) {
        const batch = shapeOf(random).slice(0, 2)
        return on([batch, [9, size(random)]])
      },
      from: [{ below: 9 }, 'any'],
      linear: [[1]],
    },
  ),
}
