/** Values that hold tensors and any number, as JSON and tensors by name, and back. */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { Tensor } from '../tensor/tensor.js'
import { quoted } from './bytes.js'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** What stands for a tensor, and for a number that JSON lacks: NaN, ±Infinity and −0. */
const [tensorMark, numberMark] = ['$tensor', '$number']

/** Deeper values are those of a damaged file, or hold themselves. */
const mostDepth = 100

/** The numbers that have a mark. */
const marked = ['NaN', 'Infinity', '-Infinity', '-0']

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
    check(path.length <= mostDepth, () => refuse(`it is nested deeper than ${mostDepth} levels`))
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

/**
 * The value again; `at` gives the tensor of a name.
 * @throws Error what `at` throws, and for a mark of no number or a value that is nested too deep
 */
export function fromJson(json: Json, at: (name: string) => Tensor, depth = 0): unknown {
  check(depth <= mostDepth, () => `a value is nested deeper than ${mostDepth} levels`)
  if (Array.isArray(json)) return json.map(item => fromJson(item, at, depth + 1))
  if (typeof json !== 'object' || json === null) return json
  if (typeof json[tensorMark] === 'string') return at(json[tensorMark])
  const number = json[numberMark]
  if (typeof number === 'string') {
    check(marked.includes(number), () => `${quoted(number)} is no number; the file is damaged`)
    return Number(number)
  }
  return Object.fromEntries(
    Object.entries(json).map(([name, item]) => [name, fromJson(item, at, depth + 1)]),
  )
}
