/** Elements in order, and places in rows that are. */
import * as kg from '../../../src/index.js'
import { between, dimOf, shapeOf, size, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { type Case, exact, on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor
type Options = { descending?: boolean; largest?: boolean } | undefined

/** The first `count` elements of each sorted row, and their indices. */
function sorted(x: Grid, dim: number, descending = false, count?: number): [Grid, Grid] {
  if (x.shape.length === 0) {
    const [y, indices] = sorted({ ...x, shape: [1] }, 0, descending, count)
    const shape = count === 0 ? [0] : []
    return [
      { ...y, shape },
      { ...indices, shape },
    ]
  }
  const d = (dim + x.shape.length) % x.shape.length
  const n = x.shape[d]
  const shape = x.shape.with(d, count ?? n)
  const indices = fill(shape, index => {
    const value = (j: number) => at(x, index.with(d, j)) * (descending ? -1 : 1)
    return [...Array(n).keys()].sort((a, b) => value(a) - value(b) || a - b)[index[d]]
  })
  return [fill(shape, i => at(x, i.with(d, at(indices, i)))), indices]
}

const cases = [
  on([[5, 7]]),
  on([[5, 7]], 0),
  on([[5, 7]], -1, { descending: true }),
  on([[2, 3, 4]], 1),
  on([[129]], 0),
  on([[]]),
  on([[0, 3]], 1),
  on([[3, 0]], 1),
  on([[2, 3, 1, 2, 3, 2]], 4),
  on([[33, 2]], 0, { descending: true }),
]

function generate(random: Random): Case {
  const shape = shapeOf(random).map(n => Math.min(n, 130))
  if (shape.length === 0) return on([shape])
  return on([shape], dimOf(random, shape), { descending: sometimes(random) })
}

const order = (row: number[]) => row.sort((a, b) => a - b)

// biome-ignore format: a table reads in columns
export const rows: Rows<'sort' | 'argsort' | 'topk' | 'searchSorted'> = {
  sort: {
    f: (x, dim = -1, options) => sorted(x, dim, options?.descending),
    cases, generate, from: 'distinct', ...exact,
  },
  argsort: {
    f: (x, dim = -1, options) => sorted(x, dim, options?.descending)[1],
    cases, generate, from: 'ties', gradient: 'none', ...exact,
  },
  topk: {
    f: (x, k, dim = -1, options) => sorted(x, dim, (options as Options)?.largest ?? true, k),
    cases: [
      on([[5, 7]], 3), on([[5, 7]], 2, 0), on([[5, 7]], 7, 1, { largest: false }), on([[2, 3, 4]], 1, -2), on([[129]], 5),
      on([[]], 1), on([[0, 3]], 2), on([[5, 7]], 0),
    ],
    generate(random) {
      const shape = shapeOf(random, { empty: false }).map(n => Math.min(n, 130))
      if (shape.length === 0) return on([shape], 1)
      const dim = dimOf(random, shape)
      return on([shape], between(random, 0, shape.at(dim)!), dim, { largest: sometimes(random) })
    },
    from: 'distinct', ...exact,
  },
  searchSorted: via(
    (s: Tensor, v: Tensor, options?: { right?: boolean }) => kg.searchSorted(kg.sort(s)[0], v, options),
    (s, v, options) => {
      const [n, m] = [s.shape.at(-1)!, v.shape.at(-1) ?? 1]
      const row = (k: number) => order([...s.data.slice(...(s.shape.length === 1 ? [0, n] : [k * n, (k + 1) * n]))])
      return { shape: v.shape, data: v.data.map((value, i) => row(Math.floor(i / m)).filter(e => (options?.right ? e <= value : e < value)).length) }
    },
    {
      cases: [
        on([[7], [5]]), on([[7], [2, 5]], { right: true }), on([[3, 7], [3, 5]]), on([[3, 7], [3, 5]], { right: true }), on([[7], []]),
        on([[0], [5]]), on([[2, 3, 65], [2, 3, 2]]),
      ],
      generate(random) {
        const batch = shapeOf(random).slice(0, 2)
        return on([[...batch, size(random)], [...batch, size(random)]], { right: sometimes(random) })
      },
      from: 'ties', gradient: 'none', ...exact,
    },
  ),
}
