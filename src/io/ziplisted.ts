/** An entry of a zip archive's directory, and the local header that it points to. */
import { check } from '../kernels/check.js'
import { quoted, textOf, viewOf } from './bytes.js'

/** Its local header begins at `offset`, its data go from `from` to `to`. */
export interface Listed {
  readonly name: string
  readonly isDeflated: boolean
  readonly size: number
  readonly crc: number
  readonly offset: number
  readonly from: number
  readonly to: number
}

const [entryMark, headerMark] = [0x02014b50, 0x04034b50]
const [entryLength, headerLength] = [46, 30]
const [stored, deflated] = [0, 8]

/** One byte of deflated data gives no more than this many: 258 for two bits. */
const mostPerByte = 1032

/** @throws Error unless all of it lies within the file and agrees with the local header */
export function readListed(
  bytes: Uint8Array,
  file: string,
  at: number,
  directory: { readonly from: number; readonly to: number },
): { listed: Listed; next: number } {
  const view = viewOf(bytes)
  const room = directory.to - at
  check(
    room >= entryLength && view.getUint32(at, true) === entryMark,
    () => `${file}: byte ${at} should begin an entry of the zip directory; the file is damaged`,
  )
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
  const crc = view.getUint32(at + 16, true)
  const lengths = [28, 30, 32].map(offset => view.getUint16(at + offset, true))
  const next = at + entryLength + lengths[0] + lengths[1] + lengths[2]
  check(
    next <= directory.to,
    () => `${file}: the zip entry at byte ${at} ends at ${next}, beyond the directory's end`,
  )
  const extraAt = at + entryLength + lengths[0]
  const name = textOf(bytes.subarray(at + entryLength, extraAt))
  check(name !== null, () => `${file}: the name of the zip entry at byte ${at} is not UTF-8`)
  const where = `${file}: ${quoted(name)}, listed at byte ${at},`
  check((flags & 1) === 0, () => `${where} is encrypted; such entries are not read`)
  check(
    method === stored || method === deflated,
    () => `${where} is compressed by method ${method}; only 0 (stored) and 8 (deflated) are read`,
  )
  const [packed, size, offset] = sizes(view, at, extraAt, lengths[1])
  const from = dataOf(bytes, where, { offset, name, method, end: directory.from })
  const to = from + packed
  check(
    to <= directory.from,
    () =>
      `${where} should take ${packed} bytes from byte ${from} on, but the directory begins at ` +
      `${directory.from}; the file is damaged`,
  )
  check(
    method === stored ? size === packed : size <= packed * mostPerByte,
    () => `${where} should hold ${size} bytes in ${packed}, which cannot be; the file is damaged`,
  )
  const listed = { name, isDeflated: method === deflated, size, crc, offset, from, to }
  return { listed, next }
}

/** Packed size, size and offset. Those that are too large for 32 bits stand in an extra field. */
function sizes(view: DataView, at: number, extra: number, extraLength: number): number[] {
  const values = [20, 24, 42].map(offset => view.getUint32(at + offset, true))
  let [field, left] = [extra, extraLength]
  while (left >= 4 && view.getUint16(field, true) !== 1) {
    const length = 4 + view.getUint16(field + 2, true)
    field += length
    left -= length
  }
  if (left < 4) return values
  // In the order size, packed size, offset, and only those that are needed.
  const end = field + 4 + Math.min(view.getUint16(field + 2, true), left - 4)
  let from = field + 4
  for (const i of [1, 0, 2])
    if (values[i] === 0xffffffff && from + 8 <= end) {
      values[i] = Number(view.getBigUint64(from, true))
      from += 8
    }
  return values
}

/** Where the data behind a local header begin. */
function dataOf(
  bytes: Uint8Array,
  where: string,
  listed: { offset: number; name: string; method: number; end: number },
): number {
  const { offset, name, method, end } = listed
  const view = viewOf(bytes)
  check(
    offset + headerLength <= end && view.getUint32(offset, true) === headerMark,
    () => `${where} should begin at byte ${offset}, and does not; the file is damaged`,
  )
  const nameAt = offset + headerLength
  const nameEnd = nameAt + view.getUint16(offset + 26, true)
  const from = nameEnd + view.getUint16(offset + 28, true)
  const isSame =
    from <= end &&
    view.getUint16(offset + 8, true) === method &&
    textOf(bytes.subarray(nameAt, nameEnd)) === name
  check(isSame, () => `${where} has another header at byte ${offset}; the file is damaged`)
  return from
}
