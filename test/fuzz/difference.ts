/**
 * What a program's results and gradients are in float64, and how far off float32 may be.
 *
 * The program is computed again with an error in every result, as large as its op may make: see
 * tolerance.ts. How far that moves a number is how far off the engine's may be, so the bound
 * follows from the condition of the program itself.
 */
import { draw, generator } from '../ops/inputs.js'
import type { Grid } from '../ops/reference.js'
import { evaluate, type Program } from './program.js'

export interface Bounded {
  readonly want: number
  readonly allowed: number
}

/** A direction for each of some values. */
export type Direction = ReadonlyMap<number, Grid>

const copies = 3
const safety = 4

/** The program's values, with bounds; null where an error could lead past a kink. */
export function valuesOf({ steps }: Program): Bounded[][] | null {
  const base = evaluate(steps)
  const noisy = noises(copies).map(noise => evaluate(steps, { noise }))
  if (noisy.some(({ sides }) => sides !== base.sides)) return null
  return base.values.map(({ data }, id) => {
    const offs = Array.from(data, (want, j) =>
      Math.max(...noisy.map(({ values }) => Math.abs(values[id].data[j] - want))),
    )
    const typical = Math.sqrt(offs.reduce((sum, off) => sum + off * off, 0) / (offs.length || 1))
    return offs.map((off, j) => ({
      want: data[j],
      allowed: safety * Math.max(off, typical) + 2e-6 * Math.max(1, Math.abs(data[j])),
    }))
  })
}

/** The weights u of the loss Σ ⟨u, end⟩. */
export function weightsOf({ values, ends, seed }: Program): Map<number, Grid> {
  const random = generator(seed + 2)
  const weights = ends
    .filter(id => values[id].requiresGrad)
    .map((id): [number, Grid] => {
      const u = draw(values[id].grid.shape, 'any', { random })
      return [id, u.shape.length === 0 && seed % 2 ? { ...u, data: Float64Array.of(1) } : u]
    })
  return new Map(weights)
}

export function directionOf(program: Program, ids: readonly number[], nth: number): Direction {
  const random = generator(program.seed + 3 + nth)
  return new Map(ids.map(id => [id, draw(program.values[id].grid.shape, 'any', { random })]))
}

/** The derivative of the loss along a direction. */
export function firstDerivative(program: Program, v: Direction): Bounded | null {
  const along = (h: number) => (loss: Loss) =>
    (loss([{ by: v, h }]) - loss([{ by: v, h: -h }])) / (2 * h)
  return measured(program, along(1e-5), along(2e-5), copies)
}

/** The derivative along v of the derivative along w. */
export function secondDerivative(program: Program, v: Direction, w: Direction): Bounded | null {
  const along = (h: number) => (loss: Loss) => {
    const at = (s: number, t: number) =>
      loss([
        { by: v, h: s * h },
        { by: w, h: t * h },
      ])
    return (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h * h)
  }
  return measured(program, along(2e-4), along(4e-4), 2)
}

type Loss = (moved: { by: Direction; h: number }[]) => number
type Difference = (loss: Loss) => number

/** A difference, and how far errors of the ops, and a longer step, move it. */
function measured(program: Program, f: Difference, longer: Difference, count: number) {
  const weights = weightsOf(program)
  const { steps } = program
  const clean = evaluate(steps)
  let isSmooth = true
  const lossOf =
    (noise?: number): Loss =>
    moved => {
      const base = noise === undefined ? clean : evaluate(steps, { noise })
      const { values, sides } = evaluate(steps, { moved, noise, base: base.values })
      isSmooth &&= sides === clean.sides
      let sum = 0
      for (const [id, u] of weights)
        for (const [j, value] of values[id].data.entries()) sum += u.data[j] * value
      return sum
    }
  const want = f(lossOf())
  const step = Math.abs(longer(lossOf()) - want)
  const offs = noises(count).map(noise => Math.abs(f(lossOf(noise)) - want))
  return isSmooth ? { want, allowed: safety * Math.max(...offs) + 2 * step + 1e-6 } : null
}

function noises(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 77 + i)
}
