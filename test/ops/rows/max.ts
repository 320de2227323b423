/** The largest and the smallest element along dims, and their indices. */
import { dimOf, dimsOf, shapeOf, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { fill, type Grid } from '../reference.js'
import { type Case, exact, on, type Rows } from '../row.js'
import { alongDim } from './softmax.js'

type Dims = number | readonly number[] | undefined

interface Options {
  keepdim?: boolean
}

const better = { max: (a: number, b: number) => a > b, min: (a: number, b: number) => a < b }
type Kind = keyof typeof better

const placeOf = (kind: Kind) => (values: number[]) =>
  values.reduce((best, value, i) => (better[kind](value, values[best]) ? i : best), 0)

/** Dims counted from the front; all of them by default. */
function listOf(x: Grid, dims: Dims): number[] {
  const rank = x.shape.length
  return dims === undefined ? [...x.shape.keys()] : [dims].flat().map(d => (d + rank) % rank)
}

/** Over several dims: one after the other, from the last. */
const over =
  (kind: Kind) =>
  (x: Grid, dims?: Dims, { keepdim }: Options = {}): Grid => {
    const list = listOf(x, dims).sort((a, b) => b - a)
    const best = (values: number[]) => values[placeOf(kind)(values)]
    const y = list.reduce((part, d) => alongDim(part, d, best), x)
    const kept = x.shape.map((size, d) => (list.includes(d) ? 1 : size))
    return keepdim ? { ...y, shape: kept } : y
  }

const place =
  (kind: Kind) =>
  (x: Grid, dim: number, { keepdim }: Options = {}): Grid => {
    if (x.shape.length === 0) return fill([], () => 0)
    const y = alongDim(x, dim, placeOf(kind))
    return keepdim ? { ...y, shape: x.shape.with(dim, 1) } : y
  }

/** max(x), or [values, indices] along a dim. */
const either = (kind: Kind) =>
  ((x: Grid, dim?: number, options?: Options) =>
    dim === undefined
      ? over(kind)(x)
      : [
          over(kind)(x, x.shape.length ? dim : undefined, options),
          place(kind)(x, dim, options),
        ]) as never

const flat = (kind: Kind) => (x: Grid, dim?: number, options?: Options) =>
  dim === undefined ? fill([], () => placeOf(kind)([...x.data])) : place(kind)(x, dim, options)

const several = [
  on([[5, 7]]),
  on([[257]]),
  on([[5, 7]], 1),
  on([[5, 7]], -2, { keepdim: true }),
  on([[2, 3, 4]], [0, -1]),
  on([[2, 3, 4]], [1, 0], { keepdim: true }),
  on([[2, 3, 1, 2, 3, 2]], [5, 1, 3]),
  on([[0, 3]], 1),
  on([[2, 400]], 1),
]
const one = [
  on([[5, 7]], 0),
  on([[5, 7]], -1, { keepdim: true }),
  on([[2, 3, 4]], 1),
  on([[257]], 0),
  on([[]], 0),
  on([[0, 3]], 1),
  on([[3, 1]], 1),
]
const all = [on([[]]), on([[257]]), on([[5, 7]]), on([[2, 3, 1, 2, 3, 2]])]

function severalAtRandom(random: Random): Case {
  const shape = shapeOf(random, { empty: false })
  return shape.length === 0
    ? on([shape])
    : on([shape], dimsOf(random, shape), { keepdim: sometimes(random) })
}

function oneAtRandom(random: Random): Case {
  const shape = shapeOf(random, { empty: false })
  if (shape.length === 0 || sometimes(random, 0.2)) return on([shape])
  return on([shape], dimOf(random, shape), { keepdim: sometimes(random) })
}

const shares = {
  cases: several,
  generate: severalAtRandom,
  from: 'distinct',
  ...exact,
} as const
const picks = {
  cases: [...one, ...all],
  generate: oneAtRandom,
  from: 'distinct',
  ...exact,
} as const
const places = { ...picks, gradient: 'none' } as const

// biome-ignore format: a table reads in columns
export const rows: Rows<'amax' | 'amin' | 'max' | 'min' | 'argmax' | 'argmin'> = {
  amax:     { f: over('max'), ...shares },
  amin:     { f: over('min'), ...shares },
  max:      { f: either('max'), ...picks },
  min:      { f: either('min'), ...picks },
  argmax:   { f: flat('max'), ...places },
  argmin:   { f: flat('min'), ...places },
}
