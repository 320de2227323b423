/** What is to be seen at one position of the walk. */
import type { Sight } from './graph.js'
import type { Values } from './values.js'
import type { Step, Tape } from './walk.js'

/** Positions: 0 … n records made, n + 1 the walk has begun, then a record passed each. */
export function lastOf({ records, steps }: Tape): number {
  return records.length + 1 + steps.length
}

/** The step that has just run at a position of the walk back; null before. */
export function stepAt({ records, steps }: Tape, at: number): Step | null {
  return steps[at - records.length - 2] ?? null
}

export function sightAt(tape: Tape, at: number): Sight {
  const { records, steps } = tape
  const made = records.slice(0, at).map(({ name }) => name)
  const gradients = new Map<string, Values>()
  if (at > records.length) gradients.set(records.at(-1)!.name, { shape: [], data: [1] })
  for (const { passed } of steps.slice(0, Math.max(0, at - records.length - 1)))
    for (const { to, sum } of passed) gradients.set(to, sum)
  const step = stepAt(tape, at)
  const passed = step?.passed ?? []
  const begins = at === records.length + 1
  return {
    made: new Set(made),
    gradients,
    current: step?.name ?? (begins ? records.at(-1)!.name : (made.at(-1) ?? null)),
    back: new Set(passed.map(({ input }) => input)),
    met: new Set(passed.filter(({ parts }) => parts.length > 1).map(({ to }) => to)),
  }
}
