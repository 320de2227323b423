/** Writes zip archives of stored entries, all of one date: equal entries give equal bytes. */
import { check } from '../kernels/check.js'
import { crc32 } from './crc32.js'

/** What readers need: version 2.0; names are UTF-8; stored; 1980-01-01, 00:00. */
const common = [20, 0x0800, 0, 0, 0x0021]

/**
 * The archive's bytes.
 * @throws Error when it has no place in a zip archive without zip64: 65535 entries, 4 GiB
 */
export function writeZip(
  entries: Readonly<Record<string, Uint8Array>>,
  file: string,
): Uint8Array<ArrayBuffer> {
  const all = Object.entries(entries).map(([text, data]) => {
    const name = new TextEncoder().encode(text)
    check(
      name.length <= 0xffff,
      () => `${file}: a name has ${name.length} bytes; 65535 is the most`,
    )
    return { name, data, crc: crc32(data), offset: 0 }
  })
  const body = all.reduce((sum, { name, data }) => sum + 30 + name.length + data.length, 0)
  const directory = all.reduce((sum, { name }) => sum + 46 + name.length, 0)
  const size = body + directory + 22
  check(
    all.length < 0xffff && size < 0xffffffff,
    () =>
      `${file}: ${all.length} entries in ${size} bytes; a zip archive takes 65534 in less than ` +
      '4 GiB: write several',
  )
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let at = 0
  const u16 = (...values: number[]) => {
    for (const value of values) {
      view.setUint16(at, value, true)
      at += 2
    }
  }
  const u32 = (...values: number[]) => {
    for (const value of values) {
      view.setUint32(at, value, true)
      at += 4
    }
  }
  const copy = (part: Uint8Array) => {
    bytes.set(part, at)
    at += part.length
  }
  for (const entry of all) {
    entry.offset = at
    u32(0x04034b50)
    u16(...common)
    u32(entry.crc, entry.data.length, entry.data.length)
    u16(entry.name.length, 0)
    copy(entry.name)
    copy(entry.data)
  }
  for (const { name, data, crc, offset } of all) {
    u32(0x02014b50)
    u16(20, ...common)
    u32(crc, data.length, data.length)
    u16(name.length, 0, 0, 0, 0)
    u32(0, offset)
    copy(name)
  }
  u32(0x06054b50)
  u16(0, 0, all.length, all.length)
  u32(directory, body)
  u16(0)
  return bytes
}
