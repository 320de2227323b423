/** What a launch says, compared with what the WGSL declares. */
import { check } from '../kernels/check.js'
import { checkNumber, checkTensor, described } from '../tensor/arguments.js'
import { compact, copy, overlaps } from '../tensor/contiguous.js'
import { show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Member } from './members.js'
import type { BufferDeclaration, EntryPoint, Source } from './parse.js'

type Value = number | readonly number[]

/** The entry point that is meant. */
export function entryOf(op: string, { entries }: Source, given?: string): EntryPoint {
  const wanted = given ?? (entries.length === 1 ? entries[0].name : 'main')
  const found = entries.find(({ name }) => name === wanted)
  const names = entries.map(({ name }) => name).join(', ')
  check(found, () => `${op}: no entry point ${wanted}; there is ${names}`)
  return found
}

/** @throws Error unless these are the names, no less and no more */
export function checkNames(
  op: string,
  what: string,
  given: object,
  names: readonly string[],
  optional = false,
): void {
  const wrong = Object.keys(given).find(name => !names.includes(name))
  const missing = optional ? undefined : names.find(name => !(name in given))
  const all = `the WGSL has ${names.join(', ') || 'none'}`
  check(wrong === undefined, () => `${op}: there is no ${what} ${wrong}; ${all}`)
  check(missing === undefined, () => `${op}: the ${what} ${missing} is missing; ${all}`)
}

/** The tensor that can be bound to a buffer: itself, or a copy if it is only read. */
export function bindable(
  op: string,
  { name, dtype, lanes, write }: BufferDeclaration,
  x: Tensor,
  hasOffset: boolean,
): Tensor {
  checkTensor(op, x)
  const own = x.dtype === 'bool' ? 'u32' : x.dtype
  check(own === dtype, () => `${op}: ${name} is ${x.dtype}, its buffer holds ${dtype}; convert it`)
  check(
    x.size % lanes === 0,
    () => `${op}: ${name} has ${x.size} elements; its buffer holds vectors of ${lanes}`,
  )
  const begins = x.offset === 0 || (hasOffset && x.offset % lanes === 0)
  if (!write) return begins ? compact(x) : copy(x)
  check(
    x.isContiguous && !overlaps(x) && begins,
    () =>
      `${op}: ${name} is a view (${show(x.shape)}), and views cannot be written; ` +
      `write to a tensor of its own, such as empty([${x.shape}])`,
  )
  return x
}

/** @throws Error when a tensor is written that another buffer shows too */
export function checkApart(
  op: string,
  bound: readonly (readonly [BufferDeclaration, Tensor])[],
): void {
  for (const [buffer, y] of bound)
    for (const [other, x] of bound)
      check(
        !buffer.write || other === buffer || x.storage.lease !== y.storage.lease,
        () =>
          `${op}: ${buffer.name} is written, and ${other.name} is in the same memory; ` +
          'declare one read_write buffer for both, or write to a tensor of its own',
      )
}

/** @throws Error unless it is a number, or as many numbers as the vector has */
export function checkParam(op: string, { name, lanes, type }: Member, value: Value): void {
  const values = typeof value === 'number' ? [value] : value
  const fits =
    (lanes === 1 ? typeof value === 'number' : Array.isArray(values) && values.length === lanes) &&
    values.every(v => typeof v === 'number' && (type === 'f' || isHeld(v, type)))
  const one = { f: 'a number', i: 'a whole number of i32', u: 'a whole number of u32' }[type]
  check(
    fits,
    () =>
      `${op}: the param ${name} is ${described(value)}; it must be ` +
      `${lanes > 1 ? `${lanes} of: ` : ''}${one}`,
  )
}

function isHeld(v: number, type: 'i' | 'u'): boolean {
  return type === 'i' ? v === (v | 0) : v === v >>> 0
}

interface Size {
  readonly threads?: number
  readonly workgroups?: number
  readonly constants?: Readonly<Record<string, number | boolean>>
}

/** How many workgroups. @throws Error when their number is not given, or is too large */
export function workgroupsOf(name: string, point: EntryPoint, size: Size): number {
  const { threads, workgroups, constants = {} } = size
  check(
    (threads === undefined) !== (workgroups === undefined),
    () => `${name}: give threads (invocations) or workgroups, one of them`,
  )
  const sizes = point.workgroupSize.map(part =>
    Number(constants[part] ?? point.constants.get(part) ?? part),
  )
  const perGroup = sizes.reduce((all, size) => all * size, 1)
  check(
    workgroups !== undefined || perGroup > 0,
    () =>
      `${name}: @workgroup_size(${point.workgroupSize}) cannot be read; write numbers or the ` +
      'names of overrides there, or give workgroups',
  )
  const groups = workgroups ?? Math.ceil(threads! / perGroup)
  checkNumber(name, 'the number of workgroups', groups)
  check(
    Number.isInteger(groups) && groups >= 0,
    () => `${name}: ${groups} workgroups; it must be a whole number from 0 up`,
  )
  check(
    groups <= 65535 || point.folds,
    () =>
      `${name}: ${groups} workgroups; a dispatch has at most 65535 along an axis. Let ` +
      `${point.name} read @builtin(num_workgroups) groups, and count ` +
      'id.y * groups.x * size + id.x: the rest then comes as further rows',
  )
  return groups
}
