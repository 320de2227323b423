/** Reads .kgz files. A file is refused as a whole, with the offset and the reason. */
import { inflateSync } from 'node:zlib'
import { viewOf } from '../../io/bytes.js'
import { crc32 } from '../../io/crc32.js'
import { check } from '../../kernels/check.js'
import { headerAt, type Kgz, magic, mostHeader } from './format.js'
import { readHeader } from './header.js'

/** Deflate makes nothing smaller than by this. */
const mostRatio = 1032

/** @throws Error of one line that names the offset and the reason */
export function decodeKgz(bytes: Uint8Array, file: string): Kgz {
  check(
    bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte),
    () => `${file}: ${bytes.length} bytes that do not begin as a .kgz file does`,
  )
  const view = viewOf(bytes)
  const length = bytes.length >= headerAt ? view.getUint32(8, true) : 0
  check(
    bytes.length >= headerAt + length + 4,
    () =>
      `${file}: the header at byte ${headerAt} should have ${length} bytes, but the file has ` +
      `${bytes.length}; it is truncated`,
  )
  const [end, found] = [bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4))]
  const named = view.getUint32(end, true)
  check(
    found === named,
    () =>
      `${file}: CRC-32 ${hex(found)}, but ${hex(named)} at byte ${end}; the file is damaged or ` +
      'truncated',
  )
  check(
    length <= mostHeader,
    () => `${file}: a header of ${length} bytes at byte 8; more than ${mostHeader} are not read`,
  )
  const header = readHeader(bytes.subarray(headerAt, headerAt + length), file)
  const { count, height, width, latent, bits } = header
  const rangesAt = headerAt + length
  const codesAt = rangesAt + 8 * latent
  const residualAt = codesAt + header.codes
  check(
    residualAt + header.residual === end,
    () =>
      `${file}: ranges, codes and residual should end at byte ` +
      `${residualAt + header.residual}, but the CRC-32 is at byte ${end}`,
  )
  const ranges = readRanges(bytes.subarray(rangesAt, codesAt), file, rangesAt)
  const part = (at: number, size: number, what: string, expected: number) =>
    inflated(bytes.subarray(at, at + size), { file, at, what, expected })
  const packed = part(codesAt, header.codes, 'codes', count * latent * (bits > 8 ? 2 : 1))
  const codes = bits > 8 ? fromPairs(packed) : Uint16Array.from(packed)
  const wrong = codes.findIndex(code => code >= 2 ** bits)
  check(
    wrong < 0,
    () =>
      `${file}: code ${wrong} is ${codes[wrong]} in what is deflated at byte ${codesAt}; of ` +
      `${bits} bits it is at most ${2 ** bits - 1}`,
  )
  const residual =
    header.residual > 0
      ? part(residualAt, header.residual, 'residual', count * height * width)
      : null
  return { header, ranges, codes, residual }
}

function readRanges(bytes: Uint8Array, file: string, at: number): Float32Array {
  const view = viewOf(bytes)
  const ranges = Float32Array.from({ length: bytes.length / 4 }, (_, i) =>
    view.getFloat32(4 * i, true),
  )
  for (let i = 0; i < ranges.length; i += 2)
    check(
      Number.isFinite(ranges[i + 1] - ranges[i]) && ranges[i] <= ranges[i + 1],
      () =>
        `${file}: the range of number ${i / 2} at byte ${at + 4 * i} is from ${ranges[i]} to ` +
        `${ranges[i + 1]}; it must go up, and be finite`,
    )
  return ranges
}

function inflated(
  bytes: Uint8Array,
  about: { file: string; at: number; what: string; expected: number },
): Uint8Array {
  const { file, at, what, expected } = about
  const wrong = (why: string) => `${file}: the ${what} at byte ${at} ${why}`
  check(expected <= mostRatio * bytes.length + mostRatio, () =>
    wrong(`cannot inflate from ${bytes.length} to ${expected} bytes`),
  )
  const { buffer, engine } = inflate(bytes, expected, wrong)
  check(buffer.length === expected && engine.bytesWritten === bytes.length, () =>
    wrong(`inflate to ${buffer.length} bytes, not ${expected}, or bytes follow them`),
  )
  return new Uint8Array(buffer)
}

/** With `info`, zlib says how many bytes it has read. */
function inflate(bytes: Uint8Array, most: number, wrong: (why: string) => string) {
  try {
    const options = { maxOutputLength: most, info: true }
    return inflateSync(bytes, options) as unknown as {
      buffer: Uint8Array
      engine: { bytesWritten: number }
    }
  } catch {
    throw new Error(wrong(`do not inflate to ${most} bytes`))
  }
}

function fromPairs(bytes: Uint8Array): Uint16Array {
  return Uint16Array.from(
    { length: bytes.length / 2 },
    (_, i) => bytes[2 * i] + 256 * bytes[2 * i + 1],
  )
}

const hex = (value: number) => value.toString(16).padStart(8, '0')
