/** A state as a checkpoint holds it, and how it is checked when it is read. */
import { check } from '../kernels/check.js'
import { brief, quoted } from './bytes.js'
import { fromJson, type Json } from './json.js'
import type { HostTensor } from './safetensors.js'
import { fromHost } from './state.js'

/** A state in the host's memory. */
export interface Saved {
  json: Json
  tensors: Record<string, HostTensor>
}

/** A state with its tensors on the GPU. `who` begins the messages. */
export function valuesOf(who: string, { json, tensors }: Saved): Record<string, unknown> {
  const at = (name: string) => {
    check(
      Object.hasOwn(tensors, name),
      () => `there is no tensor ${brief(name)}; the file is damaged`,
    )
    return Object.values(fromHost({ [name]: tensors[name] }))[0]
  }
  return named(who, () => fromJson(json, at) as Record<string, unknown>)
}

/** What `f` returns. @throws Error what `f` throws, with `who` before it */
export function named<T>(who: string, f: () => T): T {
  try {
    return f()
  } catch (error) {
    throw new Error(`${who}: ${(error as Error).message}`, { cause: error })
  }
}

/** @throws Error when the metadata are damaged */
export function parsed(name: string, text = 'null'): Record<string, Json> {
  let value: unknown = null
  try {
    value = JSON.parse(text)
  } catch {}
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  check(isObject, () => `${name}: its metadata are no checkpoint's; the file is damaged`)
  return value as Record<string, Json>
}

/** @throws Error unless it is what `randomState` gives */
export function checkStream(name: string, stream: Record<string, Json>): void {
  const isCount = (value: Json) => Number.isSafeInteger(value) && (value as number) >= 0
  check(
    isCount(stream.seed) && isCount(stream.draws),
    () => `${name}: its random stream is ${quoted(stream)}; the file is damaged`,
  )
}
