/** The variance along dims, and its square root. */
import { dimsOf, shapeOf, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid, reduce, zip } from '../reference.js'
import { on, type Rows } from '../row.js'

type Dims = number | readonly number[] | undefined

interface Options {
  keepdim?: boolean
  unbiased?: boolean
}

function variance(x: Grid, dims?: Dims, { unbiased = true, keepdim }: Options = {}): Grid {
  const list = dims === undefined ? [...x.shape.keys()] : [dims].flat()
  const mean = reduce(x, list, true, n => n)
  const squares = zip((a, m) => (a - m) ** 2, x, mean)
  return reduce(squares, list, keepdim, n => n - +unbiased)
}

/** More than two elements each, so that n − 1 is not 0 and √ has a slope. */
const common = {
  cases: [
    on([[5, 7]]),
    on([[257]]),
    on([[5, 7]], 1),
    on([[5, 7]], 0, { unbiased: false }),
    on([[2, 3, 4]], [0, 2]),
    on([[2, 3, 4]], [0, -1], { keepdim: true, unbiased: false }),
    on([[3, 300]], 1),
  ],
  generate: (random: Random) => {
    const shape = [...shapeOf(random, { empty: false }).slice(0, 4), 3]
    return on(
      [shape],
      [
        ...new Set([
          ...dimsOf(random, shape).map(d => (d < 0 ? d + shape.length : d)),
          shape.length - 1,
        ]),
      ],
      { keepdim: sometimes(random), unbiased: sometimes(random) },
    )
  },
} as const

// biome-ignore format: a table reads in columns
export const rows: Rows<'variance' | 'std'> = {
  variance: { f: variance, ...common, tolerance: 'summed' },
  std: {
    f: (...xs) => {
      const v = variance(...xs)
      return fill(v.shape, index => Math.sqrt(at(v, index)))
    },
    from: 'distinct', ...common, tolerance: 'summed',
  },
}
