/**
 * What plain JavaScript may get wrong in a call, where TypeScript would complain: refused, with the
 * right form.
 */
import { check } from '../kernels/check.js'
import { codeOf, type DType } from './dtype.js'
import { Tensor } from './tensor.js'

/**
 * The options themselves. `names` lists all that the operation knows.
 * @throws Error unless the options are an object that has no other names
 */
export function optionsOf<O extends object>(
  op: string,
  options: O,
  names: readonly (keyof O & string)[],
): O {
  check(
    isObject(options),
    () =>
      `${op}: got ${described(options)} where options belong; they have names: ` +
      `{ ${names.map(name => `${name}: …`).join(', ')} }`,
  )
  for (const name in options)
    if (!(names as readonly string[]).includes(name)) throw new Error(unknown(op, name, names))
  return options
}

/** @throws Error unless all of these are tensors */
export function checkTensor(op: string, ...xs: readonly unknown[]): void {
  for (const x of xs)
    check(
      x instanceof Tensor,
      () => `${op}: got ${described(x)} where a tensor belongs; tensor(…) makes one of numbers`,
    )
}

/** @throws Error unless each of these is a tensor, or left out */
export function checkOptional(op: string, ...xs: readonly unknown[]): void {
  for (const x of xs) if (x !== null && x !== undefined) checkTensor(op, x)
}

/** @throws Error unless it is a number, of any size, or NaN */
export function checkNumber(op: string, what: string, value: number): void {
  check(
    typeof value === 'number',
    () => `${op}: ${what} is ${described(value)}; it must be a number`,
  )
}

/** @throws Error unless the number is whole */
export function checkWhole(op: string, what: string, value: number): void {
  check(
    Number.isInteger(value),
    () => `${op}: ${what} is ${described(value)}; it must be a whole number`,
  )
}

/** @throws Error unless the number is finite */
export function checkFinite(op: string, what: string, value: number): void {
  check(
    Number.isFinite(value),
    () => `${op}: ${what} is ${described(value)}; it must be a finite number`,
  )
}

/** @throws Error unless it is a list. `form` is a right call. */
export function checkList(op: string, what: string, list: unknown, form: string): void {
  check(
    Array.isArray(list),
    () => `${op}: ${what} is ${described(list)}; it must be a list: ${form}`,
  )
}

/** @throws Error unless it is a function */
export function checkFunction(op: string, f: unknown): void {
  check(typeof f === 'function', () => `${op}: got ${described(f)} where a function belongs`)
}

/** @throws Error unless it is one of the four dtypes */
export function checkDType(op: string, dtype: DType): void {
  check(
    typeof dtype === 'string' && Object.hasOwn(codeOf, dtype),
    () => `${op}: dtype is ${described(dtype)}; it must be 'f32', 'i32', 'u32' or 'bool'`,
  )
}

/** A value in words, for messages. */
export function described(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Tensor) return String(value)
  if (Array.isArray(value)) return list(value)
  if (value instanceof Promise) return 'a promise (await it)'
  const { name = 'Object' } = value.constructor ?? {}
  return name === 'Object' ? 'a plain object' : `an object of class ${name}`
}

/** An array in words, with what it holds if that is short. */
function list(values: readonly unknown[]): string {
  const isShort = values.length <= 6 && !values.flat().some(Array.isArray)
  const inner = isShort ? values.map(described).join(', ') : ''
  return isShort && inner.length <= 40 ? `[${inner}]` : 'an array'
}

function isObject(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Tensor)
  )
}

/** Says that an option is unknown, and which one may be meant. */
export function unknown(op: string, name: string, names: readonly string[]): string {
  const near = names.find(
    known => distance(plain(name), plain(known)) <= (known.length > 4 ? 2 : 1),
  )
  return (
    `${op}: there is no option ${name}; ` +
    (near ? `did you mean ${near}? Known are ` : 'known are ') +
    names.join(', ')
  )
}

const plain = (name: string) => name.replaceAll('_', '').toLowerCase()

/** The fewest letters to insert, delete or replace that make one word the other. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]
}
