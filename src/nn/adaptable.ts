/** The layers that low-rank adapters change. */
import { check } from '../kernels/check.js'
import { Conv2d } from './conv.js'
import { Linear } from './linear.js'
import type { Module } from './module.js'
import { matching, type NamePattern } from './namepattern.js'

export type Adaptable = Linear | Conv2d

/** The layers that have an adapter now. */
export const adapted = new WeakSet<Adaptable>()

/**
 * A model's layers that a pattern means, by the names of their weights: `encoder.0`, '' for the
 * model itself.
 * @throws Error when there is none, or one has an adapter already or shares its weight
 */
export function adaptables(model: Module<unknown>, pattern: NamePattern): [string, Adaptable][] {
  const [modules, tensors] = [model.modules(), model.namedTensors()]
  const layers = modules.filter(isAdaptable).map((layer): [string, Adaptable] => {
    const [name] = tensors.find(([, t]) => t === layer.weight)!
    return [name.replace(/\.?weight$/, ''), layer]
  })
  const names = layers.map(([name]) => name)
  const chosen = new Set(matching('lora', 'Linear or Conv2d', names, pattern))
  const own = layers.filter(([name]) => chosen.has(name))
  for (const [name, layer] of own) {
    const what = name || layer.constructor.name
    check(
      !adapted.has(layer),
      () => `lora: ${what} has an adapter already; call merge() and remove() of that one first`,
    )
    const owners = modules.filter(module => Object.values(module).includes(layer.weight))
    check(
      owners.length === 1,
      () =>
        `lora: the weight of ${what} belongs to ${owners.length} modules; ` +
        'a change of it would reach all: choose a pattern without this layer',
    )
  }
  return own
}

function isAdaptable(module: unknown): module is Adaptable {
  return module instanceof Linear || module instanceof Conv2d
}
