/** Datasets: samples by position, each an object of fields. */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import type { DType } from '../tensor/dtype.js'
import { checkShape, sizeOf } from '../tensor/shape.js'
import type { HostField } from './stack.js'

/** One sample: fields by name, such as `{ image, label }`. */
export type Sample = Readonly<Record<string, HostField | undefined>>

/** Samples by position. A class of your own may be one, with files behind it. */
export interface Dataset<S extends object = Sample> {
  /** The number of samples. */
  readonly length: number
  /** Sample i, from 0. Its fields have the same shapes in every sample. */
  get(i: number): S | Promise<S>
  /** The dtype of fields; by default that of their typed array, f32 for plain numbers. */
  readonly dtypes?: { readonly [K in keyof S]?: DType }
}

/** Float samples one after the other, each of `shape`. */
export interface Samples {
  x: Float32Array
  shape: readonly number[]
  /** One label for each: classes if all are whole numbers, or else (or in a float array) values. */
  y?: ArrayLike<number>
}

/** One value per sample, or rows of `shape` one after the other. */
export type Column =
  | ArrayLike<number>
  | { readonly data: ArrayLike<number>; readonly shape: readonly number[] }

/** A sample's part of a column. */
export type FieldOf<C> = C extends { readonly data: infer D }
  ? { data: D extends ArrayBufferView ? D : Float64Array; shape: readonly number[] }
  : number

/**
 * A dataset of columns, with any names and equal lengths:
 *
 *     columns({ image: { data: floats, shape: [1, 28, 28] }, label: bytes, weight: [0.5, 1, …] })
 *
 * Whole numbers, one per sample, are i32 (classes), unless in a float array. Other typed arrays
 * keep their dtype; other plain arrays are f32.
 * @throws Error when a column does not hold whole samples, or as many as the others
 */
export function columns<F extends Record<string, Column>>(
  fields: F,
): Dataset<{ [K in keyof F]: FieldOf<F[K]> }> {
  check(
    typeof fields === 'object' && fields !== null && Object.keys(fields).length > 0,
    () => `columns: got ${described(fields)}; give columns by name: { image: …, label: … }`,
  )
  return together('columns', fields)
}

/** Columns as a dataset. `op` begins the messages. */
export function together<S extends object>(op: string, fields: Record<string, Column>): Dataset<S> {
  const rows = Object.entries(fields).map(([name, column]) => rowsOf(op, name, column))
  const [first] = rows
  for (const { name, length } of rows)
    check(
      length === first.length,
      () => `${op}: ${length} samples in ${name}, ${first.length} in ${first.name}`,
    )
  return {
    length: first.length,
    get: i => Object.fromEntries(rows.map(({ name, at }) => [name, at(i)])) as never,
    dtypes: Object.fromEntries(rows.map(({ name, dtype }) => [name, dtype])) as never,
  }
}

/** What a loader is given, as a dataset. `op` begins the messages. */
export function datasetOf<S extends object>(op: string, given: Dataset<S> | Samples): Dataset<S> {
  if (isDataset(given)) return given
  const { x, shape, y } = given ?? {}
  check(
    x instanceof Float32Array && Array.isArray(shape),
    () =>
      `${op}: x is ${described(x)} and shape ${described(shape)}; ` +
      'give { x: a Float32Array, shape: the shape of one sample, y: labels, if any }, ' +
      'columns({ … }), or an object with length and get(i)' +
      ('images' in Object(given) ? '; here x: data.pixels(set), y: set.labels' : ''),
  )
  return together(op, { x: { data: x, shape }, ...(y !== undefined && { y }) })
}

function isDataset<S extends object>(given: Dataset<S> | Samples): given is Dataset<S> {
  const { get, length } = (given ?? {}) as Partial<Dataset<S>>
  return typeof get === 'function' && Number.isInteger(length) && length! >= 0
}

interface Rows {
  name: string
  length: number
  dtype?: DType
  at(i: number): HostField
}

function rowsOf(op: string, name: string, column: Column): Rows {
  const { data, shape } =
    column !== null && typeof column === 'object' && 'data' in column
      ? column
      : { data: column, shape: [] }
  check(
    (Array.isArray(data) || ArrayBuffer.isView(data)) && typeof data[0] !== 'bigint',
    () =>
      `${op}: ${name} is ${described(column)}; it must be an array of numbers, or { data, shape }`,
  )
  checkShape(`${op}: ${name}`, shape)
  const size = sizeOf(shape)
  const length = data.length / size
  check(
    Number.isInteger(length),
    () =>
      `${op}: ${name} has ${data.length} values for samples of [${shape}]; ` +
      `that is ${length} samples, and it must be a whole number`,
  )
  const values = (ArrayBuffer.isView(data) ? data : Float64Array.from(data)) as Float32Array
  const part = (i: number) => values.subarray(i * size, (i + 1) * size)
  const at = shape.length > 0 ? (i: number) => ({ data: part(i), shape }) : (i: number) => values[i]
  const own = dtypeOf(`${op}: ${name}`, data)
  // whole numbers by themselves are labels or indices, which are i32
  const isLabel = own === 'u32' && shape.length === 0 && values.every(v => v < 2 ** 31)
  return { name, length, dtype: isLabel ? 'i32' : own, at }
}

function dtypeOf(what: string, data: ArrayLike<number>): DType {
  if (/^Float/.test(data.constructor.name)) return 'f32'
  if (ArrayBuffer.isView(data)) return data.constructor.name.startsWith('Uint') ? 'u32' : 'i32'
  const values = Array.from(data)
  const lost = values.find(v => Number.isInteger(v) && v !== (v | 0) && v !== Math.fround(v))
  check(lost === undefined, () => `${what}: ${lost} fits neither i32 nor f32`)
  return values.every(v => v === (v | 0)) ? 'i32' : 'f32'
}
