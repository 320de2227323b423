/** Writes .kgz files. */
import { deflateSync } from 'node:zlib'
import { crc32 } from '../../io/crc32.js'
import { type Header, headerAt, type Kgz, magic, version } from './format.js'

export type Content = Omit<Kgz, 'header'> & {
  readonly header: Omit<Header, 'version' | 'codes' | 'residual'>
}

/** The bytes of a file. The sizes of its parts are added to the header. */
export function encodeKgz({ header, ranges, codes, residual }: Content): Uint8Array {
  const deflate = (bytes: Uint8Array) => deflateSync(bytes, { level: 9 })
  const packed = header.bits > 8 ? inPairs(codes) : Uint8Array.from(codes)
  const [first, second] = [deflate(packed), residual ? deflate(residual) : new Uint8Array(0)]
  const all: Header = { version, ...header, codes: first.length, residual: second.length }
  const floats = new Uint8Array(4 * ranges.length)
  const view = new DataView(floats.buffer)
  for (const [i, value] of ranges.entries()) view.setFloat32(4 * i, value, true)
  return sealed(new TextEncoder().encode(JSON.stringify(all)), [floats, first, second])
}

/** Magic, header, parts and CRC-32 one after the other. */
export function sealed(header: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, headerAt + header.length)
  const file = new Uint8Array(length + 4)
  const view = new DataView(file.buffer)
  file.set(magic)
  view.setUint32(8, header.length, true)
  let at = headerAt
  for (const part of [header, ...parts]) {
    file.set(part, at)
    at += part.length
  }
  view.setUint32(length, crc32(file.subarray(0, length)), true)
  return file
}

function inPairs(codes: Uint16Array): Uint8Array {
  return Uint8Array.from(
    { length: 2 * codes.length },
    (_, i) => (codes[i >> 1] >> (8 * (i % 2))) & 255,
  )
}
