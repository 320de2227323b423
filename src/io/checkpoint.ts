/** A training as bytes: the states of its parts, values of its own, and the random stream. */
import { check } from '../kernels/check.js'
import { described, optionsOf } from '../tensor/arguments.js'
import { randomState, setRandomState } from '../tensor/generator.js'
import { openScope } from '../tensor/scope.js'
import { type Json, toJson } from './json.js'
import { decodeSafetensors, encodeSafetensors } from './safetensors.js'
import { checkStream, named, parsed, type Saved, valuesOf } from './saved.js'
import { toHost } from './state.js'

/** A model, an optimizer, a scheduler, a loader, or an object of your own. */
export interface Stateful {
  /** The state: tensors, and plain JSON in which tensors may stand. */
  stateDict(): unknown
  /** Continues from a state. Its tensors are freed afterwards: copy them, or `keep` them. */
  loadStateDict(state: never): void
}

const format = 'kernelgrad-checkpoint-v1'

/**
 * A training as the bytes of one safetensors file: tensors under names like `model.0.weight`, all
 * else as JSON in the metadata. Parts with a `stateDict()` are saved by it; the others are tensors
 * or plain values. The random stream is saved too.
 *
 *     const bytes = await encodeCheckpoint({ model, optimizer, scheduler, loader, step, best })
 *
 * Gradients are not saved: save after the optimizer's step.
 * @throws Error that names a value which is neither a tensor nor plain JSON
 */
export async function encodeCheckpoint(
  parts: Readonly<Record<string, unknown>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { json, tensors } = await saved('encodeCheckpoint', parts)
  const [state, random] = [json, randomState()].map(value => JSON.stringify(value))
  return encodeSafetensors(tensors, { format, state, random })
}

/**
 * Loads the bytes of `encodeCheckpoint` into parts with a `loadStateDict()`, and sets the random
 * stream, unless `random` is false. Returns the values of all other names. A training that goes on
 * from there computes the same bytes as one that was never cut.
 *
 *     type Own = { step: number; best: number }
 *     const { step, best } = await decodeCheckpoint<Own>(bytes, { model, optimizer, loader })
 *
 * @throws Error when the bytes are none of a checkpoint or lack a part, or when a part does not
 * fit; then nothing is changed. `name` begins the message.
 */
export async function decodeCheckpoint<V = Record<string, unknown>>(
  bytes: Uint8Array,
  parts: Readonly<Record<string, Stateful>> = {},
  options: { random?: boolean; name?: string } = {},
): Promise<V> {
  const given = optionsOf('decodeCheckpoint', options, ['random', 'name'])
  const { random = true, name = 'checkpoint' } = given
  checkParts('decodeCheckpoint', parts)
  const { tensors, metadata } = decodeSafetensors(bytes, name)
  check(
    metadata.format === format,
    () =>
      `${name}: its format is ${metadata.format ?? 'not named'}, not ${format}; ` +
      'decodeSafetensors reads weights alone',
  )
  const [json, stream] = [metadata.state, metadata.random].map(text => parsed(name, text))
  for (const [part, target] of Object.entries(parts)) {
    check(
      isStateful(target),
      () => `${name}: ${part} is ${described(target)}; it has no stateDict() and loadStateDict()`,
    )
    const known = Object.keys(json)
    check(known.includes(part), () => `${name}: there is no ${part}; it has ${known.join(', ')}`)
  }
  checkStream(name, stream)
  const others = Object.entries(json).filter(([part]) => !Object.hasOwn(parts, part))
  const values = valuesOf(name, { json: Object.fromEntries(others), tensors })
  const before = await saved(name, parts)
  try {
    load(name, parts, { json, tensors })
  } catch (error) {
    load(name, parts, before)
    throw error
  }
  if (random) setRandomState(stream as never)
  return values as V
}

/** The parts' states, copied to the host. */
async function saved(op: string, parts: Readonly<Record<string, unknown>>): Promise<Saved> {
  checkParts(op, parts)
  const states = Object.entries(parts).map(([name, part]) => [
    name,
    isStateful(part) ? part.stateDict() : part,
  ])
  const { json, tensors } = toJson(op, Object.fromEntries(states))
  return { json, tensors: await toHost(tensors) }
}

function load(file: string, parts: Readonly<Record<string, Stateful>>, { json, tensors }: Saved) {
  for (const [name, part] of Object.entries(parts)) {
    const scope = openScope()
    try {
      const own = (json as Record<string, Json>)[name]
      const { state } = valuesOf(`${file}: ${name}`, { json: { state: own }, tensors })
      named(`${file}: ${name}`, () => part.loadStateDict(state as never))
    } finally {
      scope.close()
    }
  }
}

function isStateful(part: unknown): part is Stateful {
  const { stateDict, loadStateDict } = (part ?? {}) as Partial<Stateful>
  return typeof stateDict === 'function' && typeof loadStateDict === 'function'
}

function checkParts(op: string, parts: object): void {
  check(
    typeof parts === 'object' && parts !== null && !Array.isArray(parts) && !isStateful(parts),
    () => `${op}: got ${described(parts)}; give the parts by name: { model, optimizer, … }`,
  )
}
