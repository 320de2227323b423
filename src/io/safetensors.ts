/**
 * Safetensors, the format in which PyTorch's world passes weights on:
 *
 *   u64 little-endian n · n bytes of JSON { name: { dtype, shape, data_offsets } } · raw data
 *
 * https://github.com/huggingface/safetensors#format
 */
import { check } from '../kernels/check.js'
import { fromBrainFloat, fromHalf } from './half.js'

/** A tensor in the host's memory. F16 and BF16 are read as floats. */
export interface HostTensor {
  dtype: SafeDType
  shape: number[]
  data: TypedArray
}

type TypedArray =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>

type ArrayMaker = { new (buffer: ArrayBuffer): TypedArray; readonly name: string }

// In the order in which Python's library writes them: larger first, so that all stay aligned.
// biome-ignore format: a table reads in columns
const arrays = {
  U64: BigUint64Array, I64: BigInt64Array, F64: Float64Array,
  F32: Float32Array, U32: Uint32Array, I32: Int32Array,
  BF16: Uint16Array, F16: Uint16Array, U16: Uint16Array, I16: Int16Array,
  I8: Int8Array, U8: Uint8Array, BOOL: Uint8Array,
} as const

const dtypes = Object.keys(arrays)

export type SafeDType = keyof typeof arrays

interface Entry {
  dtype: SafeDType
  shape: number[]
  data_offsets: [from: number, to: number]
}

/**
 * The bytes of a safetensors file, as Python's library would write them: by dtype, then by name, so
 * that equal tensors give equal bytes. `metadata` is written in the order it has.
 * @throws Error when a tensor's values do not fill its shape or are not of its dtype
 */
export function encodeSafetensors(
  tensors: Record<string, HostTensor>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = Object.entries(tensors).sort(
    ([nameA, a], [nameB, b]) =>
      dtypes.indexOf(a.dtype) - dtypes.indexOf(b.dtype) || (nameA < nameB ? -1 : 1),
  )
  const fields: [name: string, value: object][] = []
  if (Object.keys(metadata).length > 0) fields.push(['__metadata__', metadata])
  let end = 0
  for (const [name, t] of sorted) {
    checkTensor(name, t)
    const { dtype, shape, data } = t
    fields.push([name, { dtype, shape, data_offsets: [end, end + data.byteLength] }])
    end += data.byteLength
  }
  // Joined by hand: an object would move names like "0" to its front.
  const json = fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  const header = new TextEncoder().encode(`{${json.join(',')}}`)
  const headerLength = Math.ceil(header.length / 8) * 8
  const file = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true)
  file.set(header, 8)
  let at = 8 + headerLength
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  return file
}

/**
 * The tensors in a safetensors file, each a copy, aligned as its type needs.
 * @param name of the file, for messages
 * @throws Error that says what is wrong with the file, and where
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  name = 'safetensors',
): { tensors: Record<string, HostTensor>; metadata: Record<string, string> } {
  check(
    bytes.length >= 8,
    () =>
      `${name}: ${bytes.length} bytes; a safetensors file begins with a header length of 8 bytes`,
  )
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  check(
    8 + headerLength <= bytes.length,
    () =>
      `${name}: the header should take ${headerLength} bytes, but the file has ${bytes.length}; it is truncated or no safetensors file`,
  )
  const data = bytes.subarray(8 + headerLength)
  const header = parseHeader(name, bytes.subarray(8, 8 + headerLength))
  const { __metadata__: metadata = {}, ...entries } = header
  check(
    isObject(metadata) && Object.values(metadata).every(text => typeof text === 'string'),
    () => `${name}: its __metadata__ must map names to strings; the file is damaged`,
  )
  checkEntries(name, entries, data.length)
  const tensors = Object.entries(entries).map(([key, { dtype, shape, data_offsets }]) => {
    const own = new Uint8Array(data.subarray(...data_offsets)).buffer
    return [key, widened({ dtype, shape, data: new arrays[dtype](own) })]
  })
  return { tensors: Object.fromEntries(tensors), metadata }
}

type Header = { __metadata__?: Record<string, string> } & Record<string, Entry>

function parseHeader(name: string, bytes: Uint8Array): Header {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Error(
      `${name}: the header, ${bytes.length} bytes, is not JSON; the file is damaged or no safetensors file`,
    )
  }
  check(
    isObject(header),
    () => `${name}: the header is JSON but no object; the file is no safetensors file`,
  )
  return header as Header
}

/** Every entry says what it is, and the tensors fill the data without a gap or an overlap. */
function checkEntries(name: string, entries: Record<string, Entry>, length: number): void {
  for (const [key, entry] of Object.entries(entries)) {
    const tensor = `${name}: ${printable(key)}`
    const { dtype, shape, data_offsets } = entry ?? {}
    check(
      dtypes.includes(dtype),
      () =>
        `${tensor} has dtype ${JSON.stringify(dtype)}; known are ${[...dtypes].sort().join(', ')}`,
    )
    check(
      isNaturals(shape) && isNaturals(data_offsets) && data_offsets.length === 2,
      () =>
        `${tensor} has shape ${JSON.stringify(shape)} and data_offsets ${JSON.stringify(data_offsets)}; they must be lists of whole numbers`,
    )
  }
  // An empty tensor begins where the next one does, so the ends decide between the two.
  const inOrder = Object.entries(entries).sort(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  )
  let end = 0
  for (const [key, { dtype, shape, data_offsets }] of inOrder) {
    const tensor = `${name}: ${printable(key)}`
    const [from, to] = data_offsets
    const expected = shape.reduce((n, size) => n * size, arrays[dtype].BYTES_PER_ELEMENT)
    check(
      to - from === expected,
      () =>
        `${tensor} is ${dtype} [${shape}], ${expected} bytes, but has ${to - from}; the file is damaged`,
    )
    check(
      from === end,
      () =>
        `${tensor} begins at byte ${from} of the data, and what comes before it ends at ${end}; the file is damaged`,
    )
    check(
      to <= length,
      () => `${tensor} ends at byte ${to} of the data, which has ${length}; the file is truncated`,
    )
    end = to
  }
  check(
    end === length,
    () => `${name}: ${length - end} bytes follow the last tensor; the file is damaged`,
  )
}

function checkTensor(name: string, { dtype, shape, data }: HostTensor): void {
  const expected = shape.reduce((n, size) => n * size, 1)
  const Maker: ArrayMaker = arrays[dtype]
  check(
    isNaturals(shape) && data instanceof Maker && data.length === expected,
    () =>
      `safetensors: ${name} is ${dtype} [${shape}], ${expected} values in a ${Maker.name}, but has ${data.length} in a ${data.constructor.name}`,
  )
  check(
    name !== '__metadata__',
    () => 'safetensors: no tensor may be named __metadata__; the format keeps that for itself',
  )
}

/** A name as JSON would print it, so that one with a line break stays on its line. */
function printable(name: string): string {
  return JSON.stringify(name).slice(1, -1)
}

function isNaturals(list: unknown): list is number[] {
  return Array.isArray(list) && list.every(n => Number.isSafeInteger(n) && n >= 0)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Half-precision floats as floats; everything else as it is. */
function widened(t: HostTensor): HostTensor {
  if (t.dtype !== 'F16' && t.dtype !== 'BF16') return t
  const convert = t.dtype === 'F16' ? fromHalf : fromBrainFloat
  return { ...t, dtype: 'F32', data: convert(t.data as Uint16Array) }
}
