/** The chunks that a PNG file consists of:  length · type · data · CRC-32. */
import { viewOf } from '../io/bytes.js'
import { crc32 } from '../io/crc32.js'
import { check } from '../kernels/check.js'

export const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** A part of the file; `raw` is all of it, with length, type and CRC. */
export interface Chunk {
  readonly type: string
  readonly at: number
  readonly data: Uint8Array
  readonly raw: Uint8Array
}

/** @throws Error unless all have their CRC-32 and the order that decoders rely on */
export function chunksOf(bytes: Uint8Array, file: string): Chunk[] {
  check(
    signature.every((byte, i) => bytes[i] === byte),
    () => `${file}: ${bytes.length} bytes that do not begin as a PNG file does`,
  )
  const view = viewOf(bytes)
  const chunks: Chunk[] = []
  let at = signature.length
  while (chunks.at(-1)?.type !== 'IEND') {
    const left = bytes.length - at
    const length = left >= 12 ? view.getUint32(at) : 0
    check(
      left >= 12 + length,
      () =>
        `${file}: the chunk at byte ${at} should take ${12 + length} bytes, and ${left} are ` +
        'left; the file is truncated',
    )
    const [raw, body] = [
      [at, at + 12 + length],
      [at + 4, at + 8 + length],
    ].map(range => bytes.subarray(...range))
    const type = String.fromCharCode(...body.subarray(0, 4))
    const name = JSON.stringify(type)
    check(
      crc32(body) === view.getUint32(at + 8 + length),
      () => `${file}: the chunk ${name} at byte ${at} has another CRC-32; the file is damaged`,
    )
    const isKnown = ['IHDR', 'PLTE', 'IDAT', 'IEND'].includes(type) || /^[a-z]/.test(type)
    check(isKnown, () => `${file}: the chunk ${name} at byte ${at} is unknown and needed`)
    const isOrdered = (type === 'IHDR') === (chunks.length === 0)
    check(isOrdered, () => `${file}: the chunk ${name} at byte ${at} is at a wrong place`)
    chunks.push({ type, at, data: body.subarray(4), raw })
    at += raw.length
  }
  const palettes = chunks.filter(({ type }) => type === 'PLTE')
  check(
    palettes.length <= 1 && palettes.every(isPalette),
    () => `${file}: the palette is no list of up to 256 colours; the file is damaged`,
  )
  return chunks
}

const isPalette = ({ data: { length } }: Chunk) => length <= 3 * 256 && length % 3 === 0
