/** From nested dicts and lists with tensors to tensors by name, and plain values. */
import { check } from '../kernels/check.js'
import { quoted } from './bytes.js'
import { Tuple } from './picklemachine.js'
import { TorchTensor } from './torchglobals.js'

/** What is left of a saved value without its tensors. */
export type PlainValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PlainValue[]
  | { [name: string]: PlainValue }

export interface Tree {
  readonly tensors: ReadonlyMap<string, TorchTensor>
  readonly values: PlainValue | undefined
}

/** Deeper values, longer names and more tensors are those of a file that was made to harm. */
const [mostDepth, longestName, mostTensors] = [64, 1024, 100_000]

/**
 * Tensors have their paths as names: `model.0.weight`. In `values` dicts are objects, tuples and
 * lists are arrays; tensors are left out of dicts, and are null in lists.
 * @param most as many values are visited: one that is shared counts as often as it is met
 * @throws Error beyond the limits, and for two tensors of one name
 */
export function treeOf(root: unknown, file: string, most: number): Tree {
  const tensors = new Map<string, TorchTensor>()
  const path: string[] = []
  let visits = 0
  const nameTensor = (tensor: TorchTensor) => {
    const length = path.reduce((sum, part) => sum + part.length + 1, 0)
    check(
      length <= longestName,
      () => `${file}: a tensor's name has ${length} letters; ${longestName} is the most`,
    )
    const name = path.join('.')
    check(!tensors.has(name), () => `${file}: two tensors have the name ${quoted(name)}`)
    check(
      tensors.size < mostTensors,
      () => `${file}: there are more than ${mostTensors} tensors; save several files`,
    )
    tensors.set(name, tensor)
  }
  const inside = (key: string, item: unknown) => {
    path.push(key)
    const plain = walk(item)
    path.pop()
    return plain
  }
  /** Undefined for a tensor. */
  const walk = (value: unknown): PlainValue | undefined => {
    const where = () => `${file}: ${quoted(path.slice(0, 4).join('.'))}`
    check(path.length <= mostDepth, () => `${where()} is nested deeper than ${mostDepth} levels`)
    visits++
    check(
      visits <= most,
      () => `${where()} is met again and again: more than ${most} values in all; it is damaged`,
    )
    if (value instanceof TorchTensor) {
      nameTensor(value)
      return undefined
    }
    const list = value instanceof Tuple ? value.items : value
    if (Array.isArray(list)) return list.map((item, i) => inside(String(i), item) ?? null)
    if (value instanceof Map) {
      const plain = new Map<string, PlainValue>()
      for (const [key, item] of value) {
        const part = inside(String(key), item)
        if (part === undefined) continue
        check(!plain.has(String(key)), () => `${where()} has two values named ${quoted(`${key}`)}`)
        plain.set(String(key), part)
      }
      return Object.fromEntries(plain)
    }
    check(
      value === null || ['boolean', 'number', 'bigint', 'string'].includes(typeof value),
      () => `${where()} is neither a tensor nor a plain value`,
    )
    return value as PlainValue
  }
  return { values: walk(root), tensors }
}
