/**
 * Safetensors, the format in which PyTorch users exchange weights:
 *
 *     u64 little-endian n · n bytes of JSON { name: { dtype, shape, data_offsets } } · raw data
 *
 * https://github.com/huggingface/safetensors#format
 */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { dtypes, parseHeader } from './header.js'
import { checkHostTensor, type HostTensor, hostTensor } from './hosttensor.js'

export type { SafeDType } from './header.js'
export type { HostTensor } from './hosttensor.js'

/**
 * The bytes of a safetensors file, as Python's library would write them: by dtype, then by name, so
 * that equal tensors give equal bytes. `metadata` is written in its own order.
 * @throws Error when a tensor's values do not fill its shape or are not of its dtype
 */
export function encodeSafetensors(
  tensors: Record<string, HostTensor>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  check(
    typeof tensors === 'object' && tensors !== null && !(tensors instanceof Promise),
    () => `safetensors: got ${described(tensors)} where plain arrays by name belong`,
  )
  for (const [name, t] of Object.entries(tensors)) checkTensor(name, t)
  const sorted = Object.entries(tensors).sort(
    ([nameA, a], [nameB, b]) =>
      dtypes.indexOf(a.dtype) - dtypes.indexOf(b.dtype) || (nameA < nameB ? -1 : 1),
  )
  const fields: [name: string, value: object][] = []
  if (Object.keys(metadata).length > 0) fields.push(['__metadata__', metadata])
  let end = 0
  for (const [name, t] of sorted) {
    const { dtype, shape, data } = t
    fields.push([name, { dtype, shape, data_offsets: [end, end + data.byteLength] }])
    end += data.byteLength
  }
  // Not JSON of one object: an object would move names like "0" to its front.
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

function checkTensor(name: string, t: HostTensor): void {
  checkHostTensor(`safetensors: ${name}`, t)
  check(
    name !== '__metadata__',
    () => 'safetensors: no tensor may be named __metadata__; the format reserves that name',
  )
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
    bytes instanceof Uint8Array,
    () => `${name}: got ${described(bytes)} where the bytes of a file belong, in a Uint8Array`,
  )
  check(
    bytes.length >= 8,
    () =>
      `${name}: ${bytes.length} bytes; a safetensors file begins with a header length of 8 bytes`,
  )
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  check(
    8 + headerLength <= bytes.length,
    () =>
      `${name}: the header should take ${headerLength} bytes, but the file has ${bytes.length}; ` +
      'it is truncated or no safetensors file',
  )
  const [header, data] = [bytes.subarray(8, 8 + headerLength), bytes.subarray(8 + headerLength)]
  const { metadata, entries } = parseHeader(name, header, data.length)
  const tensors = Object.entries(entries).map(([key, { dtype, shape, data_offsets }]) => {
    const own = new Uint8Array(data.subarray(...data_offsets)).buffer
    return [key, hostTensor(dtype, shape, own)]
  })
  return { tensors: Object.fromEntries(tensors), metadata }
}
