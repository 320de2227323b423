/** Random inputs: their values, and their layout in memory. */
import {
  type DType,
  expand,
  narrow,
  permute,
  reshape,
  select,
  slice,
  type Tensor,
  tensor,
} from '../../src/index.js'
import * as reference from './reference.js'
import { at, fill, type Grid } from './reference.js'

/** SEED=7 npm test draws other numbers; failures print their seed. */
export const seed = Number(process.env.SEED ?? 1)

/** Numbers in [0, 1) */
export type Random = () => number

/** mulberry32 by Tommy Ettinger, public domain. */
export function generator(state = seed): Random {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One value of an op's nth input. */
export const domains = {
  any: (random: Random) => 4 * random() - 2,
  positive: (random: Random) => 0.3 + 2 * random(),
  nonzero: (random: Random) => (random() < 0.5 ? -1 : 1) * (0.5 + 2 * random()),
  /** Multiples of ½, so that two inputs are often equal. */
  ties: (random: Random) => Math.floor(8 * random()) / 2 - 2,
  /** At least 0.05 from every multiple of ¼, where functions have kinks, and from other inputs. */
  apart: (random: Random, nth: number) => Math.floor(16 * random()) / 4 - 2 + 0.05 * (nth + 1),
  /** All different by at least 0.001, up to four thousand of them. */
  distinct: (_: Random, nth: number, i: number) => (4 * ((i * 1733 + 17 * nth) % 4093)) / 4093 - 2,
  /** Between 0 and 1, like probabilities. */
  share: (random: Random) => 0.15 + 0.7 * random(),
  /** Weights to which the op passes no gradient. */
  fixed: (random: Random) => 0.3 + 2 * random(),
  /** Bools: never differentiated. */
  truth: (random: Random) => (random() < 0.5 ? 0 : 1),
} as const

/** A named domain, or indices: whole numbers from 0 to below − 1, never differentiated. */
export type Domain = keyof typeof domains | { readonly below: number }

/** The dtype of a domain whose values are not f32. */
export function ownDtype(domain: Domain): DType | null {
  if (typeof domain === 'object') return 'i32'
  if (domain === 'fixed') return 'f32'
  return domain === 'truth' ? 'bool' : null
}

/** Layouts in memory. Between the elements lies NaN, or 0 for whole numbers. */
export type Layout = (x: Grid, make: (x: Grid) => Tensor) => Tensor

export const layouts = {
  contiguous: (x, make) => make(x),
  /** All dims in reverse order in memory. */
  transposed(x, make) {
    const order = [...x.shape.keys()].reverse()
    return permute(make(reference.permute(x, order)), order)
  },
  /** Every second element of a longer row, from the second on. */
  stepped(x, make) {
    if (x.shape.length === 0)
      return select(make(fill([3], i => (i[0] === 1 ? x.data[0] : NaN))), 0, 1)
    const long = fill(x.shape.with(-1, 2 * x.shape.at(-1)! + 1), index => {
      const i = index.at(-1)!
      return i % 2 ? at(x, index.with(-1, (i - 1) / 2)) : NaN
    })
    return slice(make(long), -1, { start: 1, step: 2 })
  },
  /** Contiguous, at an offset that is no multiple of four elements. */
  shifted: (x, make) => behind(1, x, make),
  /** Contiguous, at an offset of four elements. */
  shiftedByFour: (x, make) => behind(4, x, make),
  /** One row, repeated along the first dim by stride 0. */
  expanded(x, make) {
    return x.data.length > 0 && x.shape.length > 0
      ? expand(make(reference.part(x, 0, 0, 1)), x.shape)
      : make(x)
  },
} as const satisfies Record<string, Layout>

function behind(gap: number, x: Grid, make: (x: Grid) => Tensor): Tensor {
  const n = x.data.length
  const row = fill([gap + n], ([i]) => (i < gap ? NaN : x.data[i - gap]))
  return reshape(narrow(make(row), 0, gap, n), x.shape)
}

export type LayoutName = keyof typeof layouts

/** Random values that f32 holds exactly (whole numbers for i32 and u32), for that layout. */
export function draw(
  shape: readonly number[],
  domain: Domain,
  { random, nth = 0, dtype = 'f32', layout = 'contiguous' }: DrawOptions,
): Grid {
  let i = 0
  const value = () => {
    if (typeof domain === 'object') return Math.floor(random() * domain.below)
    const x = domains[domain](random, nth, i++)
    if (domain === 'truth') return x
    if (dtype === 'f32') return Math.fround(x)
    return dtype === 'u32' ? Math.abs(Math.round(3 * x)) : Math.round(3 * x)
  }
  const repeats = layout === 'expanded' && shape.length > 0 && shape[0] > 0
  const own = fill(repeats ? shape.with(0, 1) : shape, value)
  return fill(shape, index => at(own, index))
}

export interface DrawOptions {
  random: Random
  /** The index among the op's inputs. */
  nth?: number
  dtype?: DType
  layout?: LayoutName
}

/** A grid on the GPU. */
export function place(x: Grid, layout: LayoutName, dtype: DType, requiresGrad = false): Tensor {
  const between = (v: number) => (dtype !== 'f32' && Number.isNaN(v) ? 0 : v)
  const make = ({ data, shape }: Grid) => tensor(data.map(between), { shape, dtype, requiresGrad })
  return layouts[layout](x, make)
}
