/** Rows of a matrix, or slices of a tensor, at given indices. */
import * as kg from '../../../src/index.js'
import { dimOf, shapeOf, size } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill } from '../reference.js'
import { type Case, exact, on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor

const fromFront = (dim: number, rank: number) => (dim + rank) % rank

/** x, and an index into n slices. */
const below = (n: number) => ['any', { below: n }] as const

function selectAtRandom(random: Random): Case {
  const shape = shapeOf(random, { empty: false }).slice(0, 4)
  if (shape.length === 0) return { ...on([[3], [2]], 0), from: below(3) }
  const dim = dimOf(random, shape)
  return {
    ...on([shape, [size(random, { empty: true })]], dim),
    from: below(shape.at(fromFront(dim, shape.length))!),
  }
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'indexSelect' | 'embedding'> = {
  indexSelect: via(
    (x: Tensor, index: Tensor, dim: number) => kg.indexSelect(x, dim, index),
    (x, index, dim) => {
      const d = fromFront(dim, x.shape.length)
      return fill(x.shape.with(d, index.data.length), i => at(x, i.with(d, index.data[i[d]])))
    },
    {
      cases: [
        { ...on([[5, 7], [3]], 0), from: below(5) }, { ...on([[5, 7], [9]], 1), from: below(7) }, { ...on([[257], [300]], 0), from: below(257), tolerance: 'summed' },
        { ...on([[2, 3, 4], [5]], -2), from: below(3) }, { ...on([[5, 7], [0]], 0), from: below(5) }, { ...on([[1, 3], [4]], 0), from: below(1) },
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
