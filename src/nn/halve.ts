/** A model whose weights take half of the memory. */
import { abs } from '../autograd/ops/elementwise.js'
import { amax } from '../autograd/ops/max.js'
import { noGrad } from '../autograd/tape.js'
import { check } from '../kernels/check.js'
import { described, optionsOf } from '../tensor/arguments.js'
import { type Kinds, layersOf } from './adaptable.js'
import { HalfLinear } from './halflinear.js'
import { Linear } from './linear.js'
import { Module } from './module.js'
import { ModuleDict } from './moduledict.js'
import type { NamePattern } from './namepattern.js'
import { Sequential } from './sequential.js'

/**
 * Replaces every Linear in a model by a HalfLinear: its weights take 2 bytes each, in the GPU's
 * memory and on the way from there. Returns the model. For inference, or to train what is not
 * replaced.
 *
 *     await nn.halve(model)
 *     console.log(model.summary([1, 784])) // as many parameters, fewer bytes
 *
 * Convolutions, biases and all other layers stay f32, and so does a class that extends Linear.
 * `pattern` chooses layers by name, as in `freeze`. An optimizer that knows the old weights has to
 * be made anew. The old weights are freed when nothing else holds them.
 * @throws Error when no Linear has a name that matches, when one has a weight that is not finite or
 * above 65,504, an adapter, a hook, or a weight that it shares, and when no property of a module
 * holds it. Then nothing is changed.
 */
export async function halve<M extends Module<unknown>>(
  model: M,
  options: { pattern?: NamePattern } = {},
): Promise<M> {
  check(
    model instanceof Module,
    () => `halve: got ${described(model)} where a module belongs: await halve(model)`,
  )
  const { pattern = '*' } = optionsOf('halve', options, ['pattern'])
  const layers = layersOf('halve', model, pattern, linears)
  const places = model
    .modules()
    .flatMap(parent => parent.children().map(([name, child]) => ({ parent, name, child })))
  for (const [name, layer] of layers) {
    const own = places.filter(({ child }) => child === layer)
    check(
      own.length > 0 && own.every(place => heldBy(place) === layer),
      () =>
        `halve: ${name || 'the model'} is in no property of a module; ` +
        'make it a new nn.HalfLinear(layer)',
    )
  }
  for (const [name, layer] of layers) await checkLayer(name, layer)
  for (const [, layer] of layers) {
    const half = new HalfLinear(layer).train(layer.training)
    for (const place of places) if (place.child === layer) replace(place, half)
  }
  return model
}

interface Place {
  readonly parent: Module<unknown>
  readonly name: string
}

const linears: Kinds<Linear> = {
  names: 'Linear',
  has: (module): module is Linear => module instanceof Linear && module.constructor === Linear,
}

async function checkLayer(name: string, layer: Linear): Promise<void> {
  check(!Object.hasOwn(layer, 'forward'), () => `halve: ${name} has a hook; remove it first`)
  const largest = await noGrad(() => amax(abs(layer.weight))).item()
  check(
    largest <= 65504,
    () =>
      `halve: the largest weight of ${name} is ${largest}, of halves 65504; ` +
      'choose a pattern without this layer',
  )
}

function heldBy({ parent, name }: Place): unknown {
  return parent instanceof ModuleDict ? parent.get(name) : Reflect.get(holder(parent), name)
}

function replace({ parent, name }: Place, by: HalfLinear): void {
  if (parent instanceof ModuleDict) parent.set(name, by)
  else Reflect.set(holder(parent), name, by)
}

const holder = (parent: Module<unknown>) => (parent instanceof Sequential ? parent.layers : parent)
