/** A function in the engine and the same in float64, on one case, with their inputs. */
import * as ops from '../../src/autograd/ops/index.js'
import { type DType, Tensor } from '../../src/index.js'
import { type Domain, draw, type LayoutName, ownDtype, place, type Random, seed } from './inputs.js'
import type { Grid } from './reference.js'
import type { Case, Row } from './row.js'
import type { Tolerance } from './tolerance.js'

export interface Trial {
  readonly name: string
  engine(...inputs: unknown[]): Tensor[]
  reference(...inputs: unknown[]): Grid[]
  readonly case: Case
  readonly from: (nth: number) => Domain
  readonly tolerance: Tolerance
  /** One layout for all inputs and dy, or one for each input and the last for dy. */
  readonly layout: LayoutName | readonly LayoutName[]
  readonly dtype: DType
  /** Sets of inputs in which, together, the results are linear. */
  readonly linear: readonly (readonly number[])[]
  /** The seed of the inputs' values. */
  readonly seed: number
}

export type Call<T> = (...args: unknown[]) => T | T[]

const calls: Record<string, unknown> = { ...ops }

/** An op on one case of its row: contiguous f32, unless the trial is changed. */
export function trialOf(name: string, row: Row, c: Case): Trial {
  const { args } = c
  const engine = (row.call ?? calls[name]) as Call<Tensor>
  const reference = row.f as unknown as Call<Grid>
  return {
    name,
    engine: (...xs) => [engine(...xs, ...args)].flat(),
    reference: (...xs) => [reference(...xs, ...args)].flat(),
    ...terms(row, c),
  }
}

/** The fields of a trial that come from its row and its case. */
export function terms(
  row: Pick<Row, 'from' | 'tolerance' | 'linear'>,
  c: Case,
): Omit<Trial, 'name' | 'engine' | 'reference'> {
  const domains = c.from ?? row.from ?? 'any'
  const from = (nth: number): Domain =>
    Array.isArray(domains) ? (domains[nth] ?? 'any') : (domains as Domain)
  return {
    case: c,
    from,
    tolerance: c.tolerance ?? row.tolerance ?? 'rounded',
    layout: 'contiguous',
    dtype: 'f32',
    linear: c.linear === false ? [] : linearIn(row.linear, c, from),
    seed,
  }
}

/** The sets of a row that a case has. A sum with a number is affine: no sets. */
function linearIn(linear: Row['linear'], { inputs }: Case, from: Trial['from']): number[][] {
  if (!linear) return []
  const sets =
    linear === true ? [[...inputs.keys()].filter(nth => !ownDtype(from(nth)))] : [...linear]
  return sets
    .map(set => set.filter(nth => inputs[nth] !== undefined && inputs[nth] !== null))
    .filter(set => set.length > 0 && set.every(nth => typeof inputs[nth] !== 'number'))
}

export type Given<T> = T | number | null

/** A trial's inputs: grids for the reference, tensors for the engine, numbers and null for both. */
export function inputsOf(trial: Trial, random: Random) {
  const { dtype } = trial
  const grids = trial.case.inputs.map((shape, nth) =>
    shape === null || typeof shape === 'number'
      ? shape
      : draw(shape, trial.from(nth), { random, nth, layout: layoutOf(trial, nth), dtype }),
  )
  const tensors = grids.map((x, nth) => {
    if (x === null || typeof x === 'number') return x
    const own = ownDtype(trial.from(nth))
    return place(x, layoutOf(trial, nth), own ?? dtype, dtype === 'f32' && !own)
  })
  const free = tensors.filter(x => x instanceof Tensor).filter(x => x.requiresGrad)
  return { grids, tensors, free }
}

/** The layout of the nth input; without `nth`, of dy. */
export function layoutOf({ layout, from }: Trial, nth = -1): LayoutName {
  const lies = typeof layout === 'string' ? layout : layout.at(nth)!
  // a repeated row has equal elements
  return lies === 'expanded' && nth >= 0 && from(nth) === 'distinct' ? 'shifted' : lies
}

/** The trial in words: `matmul([5,7], [7]), transposed, stepped and contiguous`. */
export function describe({ name, case: { inputs, args }, layout, dtype }: Trial): string {
  const call = [...inputs, ...args].map(x => JSON.stringify(x)).join(', ')
  const lies = typeof layout === 'string' ? layout : layout.join(', ')
  return `${name}(${call}), ${lies}${dtype === 'f32' ? '' : ` ${dtype}`}`
}
