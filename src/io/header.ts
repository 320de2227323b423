/** The header of a safetensors file: JSON that says where each tensor is. */
import { check } from '../kernels/check.js'
import { brief, quoted } from './bytes.js'

// In the order in which Python's library writes them: larger first, so that all stay aligned.
// biome-ignore format: a table reads in columns
export const arrays = {
  U64: BigUint64Array, I64: BigInt64Array, F64: Float64Array,
  F32: Float32Array, U32: Uint32Array, I32: Int32Array,
  BF16: Uint16Array, F16: Uint16Array, U16: Uint16Array, I16: Int16Array,
  I8: Int8Array, U8: Uint8Array, BOOL: Uint8Array,
} as const

export const dtypes = Object.keys(arrays)

export type SafeDType = keyof typeof arrays

interface Entry {
  dtype: SafeDType
  shape: number[]
  data_offsets: [from: number, to: number]
}

export interface Header {
  readonly metadata: Record<string, string>
  readonly entries: Record<string, Entry>
}

/**
 * Reads the header of a file that has `length` bytes of data behind it.
 * @param name of the file, for messages
 * @throws Error unless every entry is valid, and the tensors fill the data without gap or overlap
 */
export function parseHeader(name: string, bytes: Uint8Array, length: number): Header {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Error(
      `${name}: the header, ${bytes.length} bytes, is not JSON; ` +
        'the file is damaged or no safetensors file',
    )
  }
  check(
    isObject(header),
    () => `${name}: the header is JSON but no object; the file is no safetensors file`,
  )
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, Entry>
  check(
    isObject(metadata) && Object.values(metadata).every(text => typeof text === 'string'),
    () => `${name}: its __metadata__ must map names to strings; the file is damaged`,
  )
  for (const [key, entry] of Object.entries(entries))
    checkEntry(`${name}: ${printable(key)}`, entry)
  checkOffsets(name, entries, length)
  return { metadata: metadata as Record<string, string>, entries }
}

function checkEntry(tensor: string, entry: Entry): void {
  const { dtype, shape, data_offsets } = entry ?? {}
  check(
    dtypes.includes(dtype),
    () => `${tensor} has dtype ${quoted(dtype)}; known are ${[...dtypes].sort().join(', ')}`,
  )
  check(
    isNaturals(shape) && isNaturals(data_offsets) && data_offsets.length === 2,
    () =>
      `${tensor} has shape ${quoted(shape)} and ` +
      `data_offsets ${quoted(data_offsets)}; they must be lists of whole numbers`,
  )
}

function checkOffsets(name: string, entries: Header['entries'], length: number): void {
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
        `${tensor} is ${dtype} [${brief(`${shape}`)}], ${expected} bytes, but has ${to - from}; ` +
        'the file is damaged',
    )
    check(
      from === end,
      () =>
        `${tensor} begins at byte ${from} of the data; ` +
        `without a gap or an overlap it would at ${end}: the file is damaged`,
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

/** A name as JSON prints it, without line breaks. */
function printable(name: string): string {
  return JSON.stringify(brief(name)).slice(1, -1)
}

export function isNaturals(list: unknown): list is number[] {
  return Array.isArray(list) && list.every(n => Number.isSafeInteger(n) && n >= 0)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
