/** Elements at given indices. */
import * as kg from '../../../src/index.js'
import { between, dimOf, shapeOf, size } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill } from '../reference.js'
import { type Case, exact, on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor

const fromFront = (dim: number, rank: number) => (dim + rank) % rank

/** x, and an index into n elements. */
const below = (n: number) => ['any', { below: n }] as const

function generate(random: Random): Case {
  const shape = shapeOf(random, { empty: false }).slice(0, 4)
  if (shape.length === 0) return { ...on([[3], [2]], 0), from: below(3) }
  const dim = dimOf(random, shape)
  const d = fromFront(dim, shape.length)
  const index = shape.map((n, i) =>
    i === d ? size(random, { empty: true }) : between(random, 1, n),
  )
  return { ...on([shape, index], dim), from: below(shape[d]) }
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'gather'> = {
  gather: via(
    (x: Tensor, index: Tensor, dim: number) => kg.gather(x, dim, index),
    (x, index, dim) => {
      const d = fromFront(dim, x.shape.length)
      return fill(index.shape, i => at(x, i.with(d, at(index, i))))
    },
    {
      cases: [
        { ...on([[5, 7], [5, 3]], 1), from: below(7) }, { ...on([[5, 7], [9, 7]], 0), from: below(5) }, { ...on([[257], [300]], 0), from: below(257), tolerance: 'summed' },
        { ...on([[4, 3, 5], [2, 6, 4]], -2), from: below(3) }, { ...on([[5, 7], [5, 0]], 1), from: below(7) },
      ],
      generate,
      linear: [[0]],
      ...exact,
    },
  ),
}
