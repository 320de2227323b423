/** A random program as data: leaves, and calls of ops on earlier values; and the same in float64. */
import type { LayoutName } from '../ops/inputs.js'
import { type Domain, generator } from '../ops/inputs.js'
import type { Grid } from '../ops/reference.js'
import type { Row } from '../ops/row.js'
import { type OpName, table } from '../ops/table.js'
import { tolerances } from '../ops/tolerance.js'
import { type Call as Callable, trialOf } from '../ops/trial.js'
import { signatureOf } from './kinks.js'

/** A value that is not computed. */
export interface Leaf {
  readonly kind: 'leaf'
  readonly grid: Grid
  /** How the numbers are drawn, for the text of the program. */
  readonly drawn: { shape: readonly number[]; domain: Domain; nth: number; seed: number }
  readonly layout: LayoutName
  readonly requiresGrad: boolean
}

/** A call of an op; its results are the next values. */
export interface Call {
  readonly kind: 'call'
  readonly op: OpName
  /** Numbers of values; null is an omitted tensor, `{ number }` a plain number. */
  readonly inputs: readonly (number | null | { readonly number: number })[]
  readonly args: readonly unknown[]
}

export type Step = Leaf | Call

/** What is known of a value without the engine. */
export interface Value {
  readonly grid: Grid
  /** The step that makes it. */
  readonly step: number
  /** Whether it is a number that later ops may compute with. */
  readonly isFloat: boolean
  /** Whether it depends on a leaf that requires a gradient. */
  readonly requiresGrad: boolean
}

export interface Program {
  readonly steps: readonly Step[]
  readonly values: readonly Value[]
  /** The values that nothing reads: the loss is Σ ⟨u, value⟩ over those with a gradient. */
  readonly ends: readonly number[]
  /** The values whose gradients are asked for: leaves, then others. */
  readonly leaves: readonly number[]
  readonly inner: readonly number[]
  /** Of the weights u, and of the directions in which gradients are compared. */
  readonly seed: number
}

export function rowOf(op: OpName): Row {
  return (table as Record<string, Row>)[op]
}

/** Whether no gradient passes an op, so that its results are constants for differences. */
export function isConstant(op: OpName): boolean {
  return rowOf(op).gradient === 'none'
}

export interface Evaluation {
  /** Added to values: direction and length. */
  readonly moved?: { readonly by: ReadonlyMap<number, Grid>; readonly h: number }[]
  /** The seed of errors as large as each op may make. */
  readonly noise?: number
  /** The results of ops without a gradient, as they are without `moved`. */
  readonly base?: readonly Grid[]
}

/** All values in float64, and the sides of the kinks on which they lie. */
export function evaluate(steps: readonly Step[], { moved = [], noise, base }: Evaluation = {}) {
  const values: Grid[] = []
  const sides: string[] = []
  const random = noise === undefined ? null : generator(noise)
  const push = (grid: Grid, bound: number) => {
    const id = values.length
    const data = Float64Array.from(grid.data)
    if (random && bound > 0)
      for (let i = 0; i < data.length; i++) {
        const r = random() - 0.5
        data[i] += bound * Math.max(1, Math.abs(data[i])) * (r + Math.sign(r) * 0.5)
      }
    for (const { by, h } of moved) {
      const v = by.get(id)
      if (v) for (let i = 0; i < data.length; i++) data[i] += h * v.data[i]
    }
    values.push({ shape: grid.shape, data })
  }
  for (const step of steps) {
    if (step.kind === 'leaf') {
      push(step.grid, step.requiresGrad ? 1e-6 : 0)
      continue
    }
    const { inputs, args } = given(step, values)
    sides.push(signatureOf(step.op, inputs, args))
    const f = rowOf(step.op).f as unknown as Callable<Grid>
    for (const y of [f(...inputs, ...args)].flat()) {
      const isFrozen = base && isConstant(step.op)
      if (isFrozen) values.push(base[values.length])
      else push(y, isConstant(step.op) ? 0 : boundOf(step))
    }
  }
  return { values, sides: sides.join('|') }
}

/** The error that an op may make: see tolerance.ts. */
export function boundOf({ op, args }: Call): number {
  const { tolerance } = trialOf(op, rowOf(op), { inputs: [], args })
  const isFused = args.some(a => (a as { activation?: unknown } | null)?.activation)
  const bound = tolerances[tolerance]
  return isFused ? Math.max(bound, tolerances.curved) : bound
}

function given({ inputs, args }: Call, values: readonly Grid[]) {
  const grids = inputs.map(i => (i === null ? null : typeof i === 'number' ? values[i] : i.number))
  return { inputs: grids, args }
}
