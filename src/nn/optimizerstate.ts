/** An optimizer's state between two runs, and whether one fits an optimizer. */
import { show } from '../tensor/shape.js'
import type { Group } from './group.js'
import type { StateDict } from './module.js'

type Option = number | boolean | string | readonly number[]

export interface OptimizerState {
  /** What is remembered of the parameters, counted over all groups: `0.mean`, `0.spread`, `0.step`. */
  tensors: StateDict
  /** Every group's options, and which parameters are its own. */
  groups: ({ params: number[] } & Record<string, Option>)[]
}

interface Rules<O> {
  slots: (group: O) => Readonly<Record<string, number | null>>
  /** Throws what is wrong with a group's options. */
  numbers: (group: O, i: number) => unknown
}

/** Everything that keeps a state from fitting the groups. */
export function complaintsAbout<O>(
  state: OptimizerState,
  groups: readonly Group<O>[],
  rules: Rules<O>,
): string[] {
  if (state.groups.length !== groups.length)
    return [`it has ${state.groups.length} groups, the optimizer ${groups.length}`]
  const complaints: string[] = []
  const fitting = new Map<string, readonly number[]>()
  const missing: string[] = []
  let first = 0
  for (const [g, group] of groups.entries()) {
    const loaded = state.groups[g]
    const indices = group.params.map((_, i) => first + i)
    if (`${loaded.params}` !== `${indices}`)
      complaints.push(`group ${g} has the parameters [${loaded.params}], not [${indices}]`)
    const strange = strangeOptions(loaded, group)
    if (strange.length > 0) complaints.push(`group ${g}: ${strange.join(', ')}`)
    else complaints.push(...messageOf(() => rules.numbers(loaded as O, g)))
    const wanted = strange.length > 0 ? group : (loaded as O)
    for (const [i, p] of group.params.entries()) {
      for (const [slot, start] of Object.entries(rules.slots(wanted))) {
        const key = `${first + i}.${slot}`
        fitting.set(key, slot === 'step' ? [] : p.shape)
        if (start !== null && !state.tensors[key]) missing.push(key)
      }
    }
    first += group.params.length
  }
  const unexpected = Object.keys(state.tensors).filter(key => !fitting.has(key))
  const misshaped = [...fitting].flatMap(([key, shape]) => {
    const t = state.tensors[key]
    const dtype = key.endsWith('.step') ? 'u32' : 'f32'
    if (!t || (show(t.shape) === show(shape) && t.dtype === dtype)) return []
    return [`${key} (is ${show(t.shape)} ${t.dtype}, wants ${show(shape)} ${dtype})`]
  })
  if (missing.length > 0) complaints.push(`missing: ${missing.join(', ')}`)
  if (unexpected.length > 0) complaints.push(`unexpected: ${unexpected.join(', ')}`)
  if (misshaped.length > 0) complaints.push(`another shape or dtype: ${misshaped.join(', ')}`)
  return complaints
}

/** Options that are missing, that the optimizer does not know, or that are of another kind. */
export function strangeOptions(loaded: object, own: object): string[] {
  const [theirs, ours] = [new Map(Object.entries(loaded)), new Map(Object.entries(own))]
  return [
    ...[...ours.keys()].filter(name => !theirs.has(name)).map(name => `${name} is missing`),
    ...[...theirs.keys()].filter(name => !ours.has(name)).map(name => `${name} is unexpected`),
    ...[...theirs]
      .filter(([name, value]) => ours.has(name) && kind(value) !== kind(ours.get(name)))
      .map(([name, value]) => `${name} is ${JSON.stringify(value)}`),
  ]
}

function kind(value: unknown): string {
  return Array.isArray(value) ? 'list' : value === null ? 'number' : typeof value // null is no number yet
}

function messageOf(f: () => unknown): string[] {
  try {
    f()
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}
