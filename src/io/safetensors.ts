/**
 * Safetensors, the format in which PyTorch's world passes weights on:
 *
 *   u64 little-endian n · n bytes of JSON { name: { dtype, shape, data_offsets } } · raw data
 *
 * https://github.com/huggingface/safetensors#format
 */
import { check } from '../kernels/check.js'

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

type ArrayMaker = { new (buffer: ArrayBuffer): TypedArray; readonly BYTES_PER_ELEMENT: number }

// biome-ignore format: a table reads in columns
const arrays = {
  F64: Float64Array, F32: Float32Array, F16: Uint16Array, BF16: Uint16Array,
  I64: BigInt64Array, I32: Int32Array, I16: Int16Array, I8: Int8Array,
  U64: BigUint64Array, U32: Uint32Array, U16: Uint16Array, U8: Uint8Array, BOOL: Uint8Array,
} as const

export type SafeDType = keyof typeof arrays

interface Entry {
  dtype: SafeDType
  shape: number[]
  data_offsets: [from: number, to: number]
}

/** The bytes of a safetensors file. Larger types come first, then names in order, so equal tensors give equal bytes. */
export function encodeSafetensors(
  tensors: Record<string, HostTensor>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const names = Object.keys(tensors).sort((a, b) => {
    const larger = tensors[b].data.BYTES_PER_ELEMENT - tensors[a].data.BYTES_PER_ELEMENT
    return larger || (a < b ? -1 : 1)
  })
  let end = 0
  const entries = names.map((name): [string, Entry] => {
    const { dtype, shape, data } = bytesOf(name, tensors[name])
    const from = end
    end += data.byteLength
    return [name, { dtype, shape, data_offsets: [from, end] }]
  })
  const labelled = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {}
  const json = JSON.stringify({ ...labelled, ...Object.fromEntries(entries) })
  const text = new TextEncoder().encode(json)
  const headerLength = Math.ceil(text.length / 8) * 8
  const file = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true)
  file.set(text, 8)
  for (const [name, { data_offsets }] of entries) {
    const { buffer, byteOffset, byteLength } = tensors[name].data
    file.set(new Uint8Array(buffer, byteOffset, byteLength), 8 + headerLength + data_offsets[0])
  }
  return file
}

/**
 * The tensors in a safetensors file.
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
  const { __metadata__: metadata = {}, ...entries } = parseHeader(
    name,
    bytes.subarray(8, 8 + headerLength),
  )
  const data = bytes.subarray(8 + headerLength)
  checkOffsets(name, entries, data.length)
  const tensors = Object.entries(entries).map(
    ([
      key,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const raw = new arrays[dtype](new Uint8Array(data.subarray(from, to)).buffer) as TypedArray
      return [key, widened({ dtype, shape, data: raw })]
    },
  )
  return { tensors: Object.fromEntries(tensors), metadata }
}

type Header = { __metadata__?: Record<string, string> } & Record<string, Entry>

function parseHeader(name: string, bytes: Uint8Array): Header {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Error(`${name}: the header is not JSON; the file is damaged or no safetensors file`)
  }
  check(
    header && typeof header === 'object' && !Array.isArray(header),
    () => `${name}: the header is JSON but no object; the file is no safetensors file`,
  )
  return header as Header
}

function checkOffsets(name: string, entries: Record<string, Entry>, length: number): void {
  let end = 0
  const inOrder = Object.entries(entries).sort(
    ([, a], [, b]) => Number(a?.data_offsets?.[0]) - Number(b?.data_offsets?.[0]),
  )
  for (const [key, entry] of inOrder) {
    const { dtype, shape, data_offsets } = entry ?? {}
    check(
      dtype in arrays,
      () => `${name}: ${key} has dtype ${dtype}; known are ${Object.keys(arrays).join(', ')}`,
    )
    check(
      isNaturals(shape) && isNaturals(data_offsets) && data_offsets.length === 2,
      () => `${name}: ${key} has no whole shape and offsets; the file is damaged`,
    )
    const [from, to] = data_offsets
    const expected = shape.reduce((n, size) => n * size, arrays[dtype].BYTES_PER_ELEMENT)
    check(
      to - from === expected,
      () =>
        `${name}: ${key} is ${dtype} [${shape}], ${expected} bytes, but has ${to - from}; the file is damaged`,
    )
    check(
      from === end,
      () =>
        `${name}: ${key} begins at byte ${from} of the data, and what comes before it ends at ${end}; the file is damaged`,
    )
    check(
      to <= length,
      () =>
        `${name}: ${key} ends at byte ${to} of the data, which has ${length}; the file is truncated`,
    )
    end = to
  }
  check(
    end === length,
    () => `${name}: ${length - end} bytes follow the last tensor; the file is damaged`,
  )
}

function isNaturals(list: unknown): list is number[] {
  return Array.isArray(list) && list.every(n => Number.isSafeInteger(n) && n >= 0)
}

function bytesOf(name: string, t: HostTensor): HostTensor {
  const expected = t.shape.reduce((n, size) => n * size, 1)
  const Maker: ArrayMaker = arrays[t.dtype]
  check(
    t.data instanceof Maker && t.data.length === expected,
    () =>
      `safetensors: ${name} is ${t.dtype} [${t.shape}], ${expected} values, but has ${t.data.length} in a ${t.data.constructor.name}`,
  )
  return t
}

/** Half-precision floats as floats; everything else as it is. */
function widened(t: HostTensor): HostTensor {
  if (t.dtype === 'BF16') {
    const bits = Uint32Array.from(t.data as Uint16Array, half => half << 16)
    return { ...t, dtype: 'F32', data: new Float32Array(bits.buffer) }
  }
  if (t.dtype === 'F16')
    return { ...t, dtype: 'F32', data: Float32Array.from(t.data as Uint16Array, halfToFloat) }
  return t
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent, 10 of fraction. */
function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
