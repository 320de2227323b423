/** Products, norms, truth and logarithms of sums, over dims. */
import { between, oneOf } from '../generate.js'
import { at, fill, type Grid } from '../reference.js'
import { curved, logical, on, type Rows } from '../row.js'
import { someDims } from './sum.js'

type Dims = number | readonly number[] | undefined
type Options = { keepdim?: boolean } | undefined

/** f of the elements over the dims. */
function over(f: (values: number[]) => number, x: Grid, dims: Dims, options: Options): Grid {
  const rank = x.shape.length
  const list = (dims === undefined ? [...x.shape.keys()] : [dims].flat()).map(
    d => (d + rank) % rank,
  )
  const kept = x.shape.map((size, d) => (list.includes(d) ? 1 : size))
  const sizes = x.shape.map((size, d) => (list.includes(d) ? size : 1))
  const y = fill(kept, index =>
    f([
      ...fill(sizes, i =>
        at(
          x,
          index.map((k, d) => k + i[d]),
        ),
      ).data,
    ]),
  )
  return options?.keepdim ? y : { ...y, shape: x.shape.filter((_, d) => !list.includes(d)) }
}

/** Whole numbers wrap round. */
const product = (values: number[]) =>
  values.every(Number.isInteger)
    ? Number(
        BigInt.asIntN(
          32,
          values.map(BigInt).reduce((a, b) => a * b, 1n),
        ),
      )
    : values.reduce((a, b) => a * b, 1)
const total = (values: number[]) => values.reduce((a, b) => a + b, 0)

function normOf(values: number[], p: number): number {
  const sizes = values.map(Math.abs)
  if (Math.abs(p) === Infinity) return p > 0 ? Math.max(...sizes) : Math.min(...sizes)
  if (p === 0) return sizes.filter(v => v !== 0).length
  return total(sizes.map(v => v ** p)) ** (1 / p)
}

const cases = [
  on([[5, 7]]),
  on([[5, 7]], 1),
  on([[5, 7]], -2, { keepdim: true }),
  on([[2, 3, 4]], [0, -1]),
  on([[]]),
  on([[2, 3, 1, 2, 3, 2]], [5, 1, 3]),
  on([[17]], 0),
]
const empty = [on([[0, 3]]), on([[0, 3]], 0), on([[0, 3]], 1)]
const lines = [on([[257]]), on([[2, 400]], 1)]

// biome-ignore format: a table reads in columns
export const rows: Rows<'prod' | 'any' | 'all' | 'norm' | 'logSumExp'> = {
  prod: {
    f: (x, dims, options) => over(product, x, dims, options),
    cases: [...cases, ...empty, { ...on([[4, 6]], 1), from: 'ties' }, on([[1, 3]], 0), on([[4, 5]], [])],
    generate: someDims, from: 'apart', whole: true,
  },
  any: {
    f: (x, dims, options) => over(v => +v.some(Boolean), x, dims, options),
    cases: [...cases, ...empty, ...lines], generate: someDims, ...logical,
  },
  all: {
    f: (x, dims, options) => over(v => +v.every(Boolean), x, dims, options),
    cases: [...cases, ...empty, ...lines], generate: someDims, ...logical,
  },
  norm: {
    f: (x, p = 2, dims, options) => over(v => normOf(v, p), x, dims, options),
    cases: [
      on([[5, 7]]), on([[5, 7]], 2, 1), on([[5, 7]], 1, -2, { keepdim: true }), on([[2, 3, 4]], Infinity, [0, -1]), on([[]]),
      on([[5, 7]], -Infinity, 0), on([[5, 7]], 3, 1), on([[5, 7]], 1.5), on([[2, 3, 1, 2, 3, 2]], 2, [5, 1, 3]), on([[257]]), on([[0, 3]], 2, 1),
    ],
    generate(random) {
      const { inputs, args } = someDims(random, false)
      return on(inputs, oneOf(random, [1, 2, 3, Infinity, between(random, 2, 4)]), ...args)
    },
    from: 'distinct', ...curved,
  },
  logSumExp: {
    f: (x, dims, options) => over(v => {
      const m = Math.max(...v)
      return m + Math.log(total(v.map(e => Math.exp(e - m))))
    }, x, dims, options),
    cases: [...cases, ...lines, on([[0, 3]], 1)],
    generate: random => someDims(random, false),
    ...curved,
  },
}
