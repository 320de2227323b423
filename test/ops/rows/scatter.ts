/** Elements written, or added, to the places that an index names. */
import * as kg from '../../../src/index.js'
import { between, dimOf, shapeOf, size } from '../generate.js'
import type { Domain, Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { type Case, exact, on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor

const of = (below: number): readonly Domain[] => ['any', { below }, 'any']

function scattered(x: Grid, dim: number, index: Grid, src: Grid, adds: boolean): Grid {
  const d = (dim + x.shape.length) % x.shape.length
  const y = fill(x.shape, i => at(x, i))
  const place = (i: number[]) => i.reduce((p, k, axis) => p * x.shape[axis] + k, 0)
  fill(index.shape, i => {
    const p = place(i.with(d, at(index, i)))
    y.data[p] = (adds ? y.data[p] : 0) + at(src, i)
    return 0
  })
  return y
}

const cases: Case[] = [
  {
    ...on(
      [
        [5, 7],
        [5, 3],
        [5, 3],
      ],
      1,
    ),
    from: of(7),
  },
  {
    ...on(
      [
        [5, 7],
        [9, 7],
        [9, 7],
      ],
      0,
    ),
    from: of(5),
  },
  {
    ...on(
      [
        [4, 3, 5],
        [2, 6, 4],
        [3, 6, 5],
      ],
      -2,
    ),
    from: of(3),
  },
  {
    ...on(
      [
        [5, 7],
        [5, 0],
        [5, 3],
      ],
      1,
    ),
    from: of(7),
  },
  { ...on([[257], [300], [300]], 0), from: of(257) },
]

function generate(random: Random): Case {
  const shape = shapeOf(random, { empty: false }).slice(0, 4)
  if (shape.length === 0) return cases[0]
  const dim = dimOf(random, shape)
  const d = (dim + shape.length) % shape.length
  const index = shape.map((n, i) => (i === d ? size(random) : between(random, 1, n)))
  return {
    ...on([shape, index, index.map(n => n + between(random, 0, 1))], dim),
    from: of(shape[d]),
  }
}

export const rows: Rows<'scatter' | 'scatterAdd'> = {
  scatter: via(
    (x: Tensor, index: Tensor, src: Tensor, dim: number) => kg.scatter(x, dim, index, src),
    (x, index, src, dim) => scattered(x, dim, index, src, false),
    { cases, generate, linear: [[0, 2]], ...exact },
  ),
  scatterAdd: via(
    (x: Tensor, index: Tensor, src: Tensor, dim: number) => kg.scatterAdd(x, dim, index, src),
    (x, index, src, dim) => scattered(x, dim, index, src, true),
    { cases, generate, linear: [[0, 2]], tolerance: 'summed' },
  ),
}
