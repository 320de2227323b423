/** Normalization of sets of elements. */
import * as kg from '../../../src/index.js'
import { between, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { type Case, on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor
type Optional = Grid | null | undefined

interface Options {
  eps?: number
}

/** x̂, where a set has all elements of equal `setOf`. */
function standardize(x: Grid, setOf: (index: number[]) => string, eps = 1e-5): Grid {
  const sets = new Map<string, number[]>()
  fill(x.shape, index => {
    const set = sets.get(setOf(index)) ?? []
    sets.set(setOf(index), set)
    set.push(at(x, index))
    return 0
  })
  const known = new Map(
    [...sets].map(([name, set]) => {
      const mean = set.reduce((a, b) => a + b, 0) / set.length
      return [
        name,
        { mean, variance: set.reduce((sum, v) => sum + (v - mean) ** 2, 0) / set.length },
      ]
    }),
  )
  return fill(x.shape, index => {
    const { mean, variance } = known.get(setOf(index))!
    return (at(x, index) - mean) / Math.sqrt(variance + eps)
  })
}

/** w x̂ + b, with w and b read at a part of the index. */
function affine(x: Grid, w: Optional, b: Optional, part: (index: number[]) => number[]): Grid {
  return fill(x.shape, i => (w ? at(w, part(i)) : 1) * at(x, i) + (b ? at(b, part(i)) : 0))
}

const channel = ([, c]: number[]) => [c]

export const layerNorm = (
  x: Grid,
  shape: number | readonly number[],
  w: Optional,
  b: Optional,
  { eps }: Options = {},
) => {
  const count = [shape].flat().length
  return affine(
    standardize(x, i => `${i.slice(0, -count)}`, eps),
    w,
    b,
    i => i.slice(-count),
  )
}

export const groupNorm = (
  x: Grid,
  groups: number,
  w: Optional,
  b: Optional,
  { eps }: Options = {},
) => {
  const size = x.shape[1] / groups
  return affine(
    standardize(x, ([n, c]) => `${n} ${Math.floor(c / size)}`, eps),
    w,
    b,
    channel,
  )
}

export const batchNorm = (
  x: Grid,
  w: Optional,
  b: Optional,
  mean: Optional,
  variance: Optional,
  { eps = 1e-5, training = false } = {},
) => {
  const y = training
    ? standardize(x, ([, c]) => `${c}`, eps)
    : fill(x.shape, i => (at(x, i) - mean!.data[i[1]]) / Math.sqrt(variance!.data[i[1]] + eps))
  return affine(y, w, b, channel)
}

const rest = (random: Random) =>
  Array.from({ length: between(random, 0, 3) }, () => between(random, 1, 4))
const maybe = (random: Random, shape: number[]) => (sometimes(random) ? shape : null)

function batchAtRandom(random: Random): Case {
  const [c, training] = [between(random, 1, 6), sometimes(random)]
  const [w, b] = [maybe(random, [c]), maybe(random, [c])]
  return on([[between(random, 3, 8), c, ...rest(random)], w, b, [c], [c]], { training, eps: 1e-3 })
}

/** No set of equal elements: its x̂ is only rounding error, magnified. */
const smooth = { from: ['distinct', 'any', 'any'], tolerance: 'summed' } as const

// biome-ignore format: a table reads in columns
export const rows: Rows<'batchNorm' | 'layerNorm' | 'groupNorm'> = {
  layerNorm: via(
    (x: Tensor, weight: Tensor | null, bias: Tensor | null, shape: number | number[], options?: Options) =>
      kg.layerNorm(x, shape, { weight, bias, ...options }),
    (x, w, b, shape, options) => layerNorm(x, shape, w, b, options),
    {
      cases: [
        on([[5, 7], [7], [7]], 7),     on([[2, 3, 4], [3, 4], null], [3, 4]),            on([[2, 3, 4], null, [4]], [4], { eps: 1e-3 }),
        on([[3, 257], null, null], 257), on([[2, 3, 2, 2, 3], [2, 3], [2, 3]], [2, 3]),  on([[0, 3], [3], [3]], 3),
        on([[4, 1], [1], [1]], 1),     on([[6, 3], [3], [3]], 3),    on([[9, 8], null, [8]], 8),    on([[2, 1000], [1000], [1000]], 1000),
        on([[300, 4], [4], [4]], 4),
      ],
      generate(random) {
        const shape = [between(random, 3, 9), ...rest(random).slice(0, 2)].reverse()
        const [w, b] = [maybe(random, shape), maybe(random, shape)]
        return on([[...rest(random), ...shape], w, b], shape, { eps: 1e-3 })
      },
      ...smooth,
    },
  ),
  groupNorm: via(
    (x: Tensor, weight: Tensor | null, bias: Tensor | null, groups: number, options?: Options) =>
      kg.groupNorm(x, groups, { weight, bias, ...options }),
    (x, w, b, groups, options) => groupNorm(x, groups, w, b, options),
    {
      cases: [
        on([[5, 8], [8], [8]], 2), on([[2, 6, 4], [6], null], 3), on([[2, 4, 3, 5], null, [4]], 1, { eps: 1e-3 }), on([[1, 2, 257], null, null], 2),
        on([[3, 8, 4], [8], [8]], 2), on([[2, 6, 100], [6], [6]], 1), on([[2, 4, 3, 3], [4], [4]], 4), on([[3, 16], [16], [16]], 2),
      ],
      generate(random) {
        const [groups, size] = [between(random, 1, 3), between(random, 3, 5)]
        const c = groups * size
        return on([[between(random, 1, 4), c, ...rest(random)], maybe(random, [c]), maybe(random, [c])], groups, { eps: 1e-3 })
      },
      ...smooth,
    },
  ),
  batchNorm: via(
    (x: Tensor, weight: Tensor | null, bias: Tensor | null, runningMean: Tensor | null, runningVar: Tensor | null, options?: Options & { training?: boolean }) =>
      kg.batchNorm(x, { weight, bias, runningMean, runningVar, ...options }),
    batchNorm,
    {
      cases: [
        on([[8, 5], [5], [5], [5], [5]], { training: true }),       on([[4, 3, 5], [3], [3], [3], [3]]),
        on([[4, 3, 5, 6], [3], null, null, null], { training: true }), on([[257, 2], null, null, [2], [2]], { training: true }),
        on([[6, 4], null, null, [4], [4]], { eps: 1e-3 }),
        on([[1, 2, 3, 4], [2], [2], [2], [2]], { training: true }),  on([[5, 3, 7, 7], [3], [3], null, null], { training: true }),
        on([[9, 2, 8, 8], [2], [2], [2], [2]], { training: true }),  on([[200, 8], [8], [8], null, null], { training: true }),
      ],
      generate: batchAtRandom,
      ...smooth,
      from: ['distinct', 'any', 'any', 'fixed', 'fixed'],
    },
  ),
}
