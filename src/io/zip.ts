/**
 * Zip archives, as NumPy (.npz) and PyTorch (.pt) write them: entries that are stored or deflated,
 * zip64 included.
 *
 *     local header · data · local header · data · … · directory · end record
 *
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { quoted } from './bytes.js'
import { crc32 } from './crc32.js'
import { inflateRaw } from './inflateraw.js'
import { findDirectory } from './zipend.js'
import { type Listed, readListed } from './ziplisted.js'

export interface ZipEntry {
  readonly name: string
  /** The bytes that `read` gives. */
  readonly size: number
  /** @throws Error when the data are damaged */
  read(): Promise<Uint8Array>
}

/** More bytes than this are not inflated from one archive. */
const mostInflated = 2 ** 30

/**
 * The entries of an archive by name, in the order of its directory. Each place and size is checked
 * here; data are read, and their CRC-32 compared, when an entry's `read` is called.
 * @param file its name, for messages
 * @throws Error of one line that says what is wrong with the archive, and where
 */
export function readZip(bytes: Uint8Array, file: string): Map<string, ZipEntry> {
  check(
    bytes instanceof Uint8Array,
    () => `${file}: got ${described(bytes)} where the bytes of a file belong, in a Uint8Array`,
  )
  const { count, from, to } = findDirectory(bytes, file)
  const all: Listed[] = []
  let at = from
  for (let i = 0; i < count; i++) {
    const { listed, next } = readListed(bytes, file, at, { from, to })
    all.push(listed)
    at = next
  }
  check(
    at === to,
    () => `${file}: ${to - at} bytes follow the directory's last entry at byte ${at}`,
  )
  checkApart(file, all)
  const inflated = all.reduce((sum, { isDeflated, size }) => sum + (isDeflated ? size : 0), 0)
  check(
    inflated <= mostInflated,
    () =>
      `${file}: its entries inflate to ${inflated} bytes, more than the ${mostInflated} that are ` +
      'read; save it without compression',
  )
  const entries = new Map<string, ZipEntry>()
  for (const listed of all) {
    const { name, size } = listed
    check(!entries.has(name), () => `${file}: two entries have the name ${quoted(name)}`)
    entries.set(name, { name, size, read: () => content(bytes, file, listed) })
  }
  return entries
}

/** @throws Error when two entries share bytes: so small archives with huge content are made */
function checkApart(file: string, entries: readonly Listed[]): void {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset)
  for (const [i, entry] of sorted.entries()) {
    const before = sorted[i - 1]
    check(
      i === 0 || entry.offset >= before.to,
      () =>
        `${file}: ${quoted(entry.name)} begins at byte ${entry.offset}, ` +
        `inside of ${quoted(before.name)}, which ends at ${before.to}; the file is damaged`,
    )
  }
}

async function content(bytes: Uint8Array, file: string, listed: Listed): Promise<Uint8Array> {
  const { name, isDeflated, from, to, size, crc } = listed
  const where = `${file}: ${quoted(name)}, ${to - from} bytes from byte ${from} on,`
  const raw = bytes.subarray(from, to)
  if (isDeflated) return inflateRaw(raw, where, { size, crc })
  const found = crc32(raw)
  check(
    found === crc,
    () => `${where} has CRC-32 ${hex(found)}, not ${hex(crc)}; the file is damaged`,
  )
  return raw
}

const hex = (crc: number) => crc.toString(16).padStart(8, '0')
