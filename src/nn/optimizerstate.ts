/** An optimizer's state between two runs: saved, checked against an optimizer, loaded. */

import { detach } from '../autograd/ops/detach.js'
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { type Group, strangeOptions } from './options.js'
import type { InitialState } from './parameterbuffer.js'
import { checkState, mismatches, type StateDict, type Wanted } from './statedict.js'

type Option = number | boolean | string | readonly number[]

export interface OptimizerState {
  /** Each parameter's state, counted over all groups: `0.step`, `0.exp_avg`, `0.exp_avg_sq`. */
  tensors: StateDict
  /** Every group's options, and which parameters are its own. */
  groups: ({ params: number[] } & Record<string, Option>)[]
}

interface Rules<O> {
  initialState(group: O): InitialState
  /** Throws what is wrong with a group's options. */
  hyper(group: O, g: number): unknown
}

/** The names in states that version 0.1 saved, by PyTorch's names. */
const formerNames: Readonly<Record<string, string>> = {
  exp_avg: 'mean',
  exp_avg_sq: 'spread',
  max_exp_avg_sq: 'peak',
  square_avg: 'spread',
  grad_avg: 'mean',
  momentum_buffer: 'velocity',
}

/** An optimizer's state, of its groups and each parameter's state tensors. */
export function saveState(
  groups: readonly Group<object>[],
  states: readonly Record<string, Tensor>[],
): OptimizerState {
  const tensors = states.flatMap((state, i) =>
    Object.entries(state).map(([name, t]) => [`${i}.${name}`, detach(t)] as const),
  )
  let count = 0
  const options = groups.map(({ params, ...options }) =>
    structuredClone({ ...options, params: params.map(() => count++) }),
  )
  return {
    tensors: Object.fromEntries(tensors),
    groups: options as unknown as OptimizerState['groups'],
  }
}

/**
 * Sets the groups' options to those of a state. Returns the state's tensors by their present names.
 * @throws Error that names all that does not fit; then nothing is changed
 */
export function loadGroups<O>(
  name: string,
  state: OptimizerState,
  groups: readonly Group<O>[],
  rules: Rules<O>,
): StateDict {
  check(
    typeof state?.tensors === 'object' && Array.isArray(state.groups),
    () => `${name}: loadStateDict: got ${described(state)}; it must be { tensors, groups }`,
  )
  checkState(`${name}: loadStateDict`, state.tensors)
  const tensors = renamed(state.tensors, Object.keys(rules.initialState(groups[0])))
  const complaints = misfits({ ...state, tensors }, groups, rules)
  check(
    complaints.length === 0,
    () => `${name}: loadStateDict: ${complaints.join('; ')}; nothing was changed`,
  )
  for (const [g, group] of groups.entries()) {
    const { params, ...options } = structuredClone(state.groups[g])
    Object.assign(group, options)
  }
  return tensors
}

/** Tensors under the present names, also those saved under the former ones. */
function renamed(tensors: StateDict, names: readonly string[]): StateDict {
  const present = new Map(names.map(name => [formerNames[name], name]))
  const entries = Object.entries(tensors).map(([key, t]) => {
    const [i, name] = key.split('.')
    const now = `${i}.${present.get(name)}`
    return [present.has(name) && !(now in tensors) ? now : key, t]
  })
  return Object.fromEntries(entries)
}

/** All differences between a state and the groups that it is loaded into. */
function misfits<O>(
  { tensors, groups: saved }: OptimizerState,
  groups: readonly Group<O>[],
  { initialState, hyper }: Rules<O>,
): string[] {
  if (saved.length !== groups.length)
    return [`it has ${saved.length} groups, the optimizer ${groups.length}`]
  const complaints: string[] = []
  const wanted = new Map<string, Wanted>()
  let count = 0
  for (const [g, group] of groups.entries()) {
    const loaded = saved[g]
    const indices = group.params.map(() => count++)
    if (`${loaded.params}` !== `${indices}`)
      complaints.push(`group ${g} has the parameters [${loaded.params}], not [${indices}]`)
    const strange = strangeOptions(loaded, group)
    if (strange.length > 0) complaints.push(`group ${g}: ${strange.join(', ')}`)
    else complaints.push(...messageOf(() => hyper(loaded as O, g)))
    const initial = initialState(strange.length > 0 ? group : (loaded as O))
    for (const [i, { shape }] of group.params.entries())
      for (const [name, value] of Object.entries(initial)) {
        const kind =
          name === 'step'
            ? ({ shape: [], dtype: 'u32' } as const)
            : { shape, dtype: 'f32' as const }
        wanted.set(`${indices[i]}.${name}`, { ...kind, optional: value === null })
      }
  }
  return [...complaints, ...mismatches(tensors, wanted)]
}

function messageOf(f: () => unknown): string[] {
  try {
    f()
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}
