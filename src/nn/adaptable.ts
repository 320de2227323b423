/** The layers of a model that are changed after it was made: by low-rank adapters, by packing. */
import { check } from '../kernels/check.js'
import { Conv2d } from './conv.js'
import { Linear } from './linear.js'
import type { Module } from './module.js'
import { matching, type NamePattern } from './namepattern.js'

export type Adaptable = Linear | Conv2d

/** The layers that have an adapter now. */
export const adapted = new WeakSet<Adaptable>()

/** Classes of layers, and their names for messages. */
export interface Kinds<L extends Adaptable> {
  readonly names: string
  readonly has: (module: Module<unknown>) => module is L
}

export const adaptable: Kinds<Adaptable> = {
  names: 'Linear or Conv2d',
  has: (module): module is Adaptable => module instanceof Linear || module instanceof Conv2d,
}

/**
 * A model's layers of these kinds that a pattern means, by the names of their weights: `encoder.0`,
 * '' for the model itself. `op` begins the messages.
 * @throws Error when there is none, or one has an adapter already or shares its weight
 */
export function layersOf<L extends Adaptable>(
  op: string,
  model: Module<unknown>,
  pattern: NamePattern,
  kinds: Kinds<L>,
): [string, L][] {
  const [modules, tensors] = [model.modules(), model.namedTensors()]
  const layers = modules
    .filter((each): each is L & Module<unknown> => kinds.has(each))
    .map((layer): [string, L] => {
      const [name] = tensors.find(([, t]) => t === layer.weight)!
      return [name.replace(/\.?weight$/, ''), layer]
    })
  const names = layers.map(([name]) => name)
  const chosen = new Set(matching(op, kinds.names, names, pattern))
  const own = layers.filter(([name]) => chosen.has(name))
  for (const [name, layer] of own) {
    const what = name || layer.constructor.name
    check(
      !adapted.has(layer),
      () => `${op}: ${what} has an adapter already; call merge() and remove() of that one first`,
    )
    const owners = modules.filter(module => Object.values(module).includes(layer.weight))
    check(
      owners.length === 1,
      () =>
        `${op}: the weight of ${what} belongs to ${owners.length} modules; ` +
        'a change of it would reach all: choose a pattern without this layer',
    )
  }
  return own
}
