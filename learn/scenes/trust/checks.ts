/** Every rule compared with finite differences, and the rule to which the failures point. */

import { nodesBehind } from '../../../src/autograd/backward.js'
import { gradcheck } from '../../../src/autograd/gradcheck.js'
import { type Bug, planted } from './plant.js'
import type { Rule } from './rules.js'

export interface Checked {
  readonly op: string
  readonly ok: boolean
  readonly byGradient: number
  readonly byDifference: number
  readonly error: number
  /** The operations on its tape. */
  readonly ops: ReadonlySet<string>
}

/** Of what finite differences in float32 can see: gradcheck's own. */
export const tolerance = 5e-3

/** One rule, with the bug if there is one. The check does not know of it. */
export async function checkRule({ op, f, inputs }: Rule, bug: Bug | null): Promise<Checked> {
  const xs = inputs()
  const result = await gradcheck((...ys) => planted(f(...ys), bug), xs, {
    tolerance: Infinity,
    directions: 2,
  })
  for (const x of xs) x.requiresGrad = true
  const tape = nodesBehind('check', f(...xs))
  const { byGradient, byDifference, error } = result
  const ops = new Set(tape.map(node => node.op))
  return { op, ok: error <= tolerance, byGradient, byDifference, error, ops }
}

/** The operations that are on the tape of every check that failed, and of none that passed. */
export function suspects(checked: readonly Checked[]): string[] {
  const failed = checked.filter(({ ok }) => !ok)
  const cleared = new Set(checked.flatMap(({ ok, ops }) => (ok ? [...ops] : [])))
  const all = new Set(failed.flatMap(({ ops }) => [...ops]))
  return [...all].filter(op => failed.every(({ ops }) => ops.has(op)) && !cleared.has(op))
}
