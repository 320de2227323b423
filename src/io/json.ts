/** Values that hold tensors and any number, as JSON and tensors by name, and back. */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { Tensor } from '../tensor/tensor.js'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** What stands for a tensor, and for a number that JSON lacks: NaN, ±Infinity and −0. */
const [tensorMark, numberMark] = ['$tensor', '$number']

/**
 * The value with marks in place of its tensors, which have their paths as names: `model.0.weight`.
 * Properties that are undefined are left out.
 * @throws Error that names the path of what is neither a tensor nor plain JSON
 */
export function toJson(
  op: string,
  value: unknown,
): { json: Json; tensors: Record<string, Tensor> } {
  const tensors = new Map<string, Tensor>()
  const walk = (path: readonly string[], part: unknown): Json => {
    const name = path.join('.')
    const refuse = (why: string) => `${op}: ${name} is ${described(part)}; ${why}`
    if (part instanceof Tensor) {
      check(!tensors.has(name), () => refuse('another tensor has this name'))
      tensors.set(name, part)
      return { [tensorMark]: name }
    }
    if (typeof part === 'number' && (!Number.isFinite(part) || Object.is(part, -0)))
      return { [numberMark]: Object.is(part, -0) ? '-0' : String(part) }
    if (part === null || ['boolean', 'number', 'string'].includes(typeof part)) return part as Json
    if (Array.isArray(part)) return part.map((item, i) => walk([...path, String(i)], item))
    check(
      typeof part === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(part)),
      () =>
        refuse(
          'a state holds tensors, numbers, texts, truth values, lists and plain objects, and ' +
            'parts with stateDict() and loadStateDict()',
        ),
    )
    const entries = Object.entries(part as object).filter(([, item]) => item !== undefined)
    for (const [key] of entries)
      check(key !== tensorMark && key !== numberMark, () => refuse(`the name ${key} is reserved`))
    return Object.fromEntries(entries.map(([key, item]) => [key, walk([...path, key], item)]))
  }
  const json = walk([], value)
  return { json, tensors: Object.fromEntries(tensors) }
}

/** The value again; `at` gives the tensor of a name. @throws Error what `at` throws */
export function fromJson(json: Json, at: (name: string) => Tensor): unknown {
  if (Array.isArray(json)) return json.map(item => fromJson(item, at))
  if (typeof json !== 'object' || json === null) return json
  if (typeof json[tensorMark] === 'string') return at(json[tensorMark])
  if (typeof json[numberMark] === 'string') return Number(json[numberMark])
  return Object.fromEntries(Object.entries(json).map(([name, item]) => [name, fromJson(item, at)]))
}
