import { deflateSync } from 'node:zlib'
import { decodeKgz } from '../../src/cli/kgz/read.js'
import { encodeKgz, sealed } from '../../src/cli/kgz/write.js'
import { flipped, join, patched, u32 } from './build.js'
import { cuts, type Format, type Row, row } from './format.js'

const [count, latent, pixels] = [3, 2, 3 * 784]
const codes = Uint16Array.from({ length: count * latent }, (_, i) => 40 * i)
const ranges = Float32Array.from([-1, 1, 0, 0.5])
const about = {
  ...{ model: 'conv', options: { width: 1 }, weights: 'ab'.repeat(32), adapter: 'one' },
  ...{ count, height: 28, width: 28, latent, bits: 8, pixels: 12345 },
}
const residual = Uint8Array.from({ length: pixels }, (_, i) => i)
const good = encodeKgz({ header: about, ranges, codes, residual })
const lossy = encodeKgz({ header: { ...about, pixels: 0 }, ranges, codes, residual: null })

const headerLength = new DataView(good.buffer).getUint32(8, true)
const codesAt = 12 + headerLength + 16
const text = new TextDecoder().decode(good.subarray(12, 12 + headerLength))
const header = JSON.parse(text) as Record<string, unknown>
const parts = {
  ranges: good.subarray(12 + headerLength, codesAt),
  codes: good.subarray(codesAt, codesAt + Number(header.codes)),
  residual: good.subarray(codesAt + Number(header.codes), -4),
}

/** Files with a right CRC-32, so that what stands in them is looked at. */
const withText = (header: string, given: Partial<typeof parts> = {}) => {
  const { ranges, codes, residual } = { ...parts, ...given }
  return sealed(new TextEncoder().encode(header), [ranges, codes, residual])
}
const withHeader = (fields: object, given?: Partial<typeof parts>) =>
  withText(JSON.stringify({ ...header, ...fields }), given)
const withPart = (name: 'codes' | 'residual', bytes: Uint8Array) =>
  withHeader({ [name]: bytes.length }, { [name]: bytes })
const withRange = (low: number, high: number) =>
  withHeader({}, { ranges: new Uint8Array(Float32Array.from([low, high, 0, 1]).buffer) })
const sixteen = (code: number) => {
  const bits = 12
  const wrong = Uint16Array.from(codes).fill(code, 2, 3)
  return encodeKgz({ header: { ...about, bits }, ranges, codes: wrong, residual })
}

const numbers: Row[] = Object.entries({
  version: [0, 2, 1.5, '1'],
  count: [0, -1, 1.5, 2 ** 40, null, '3'],
  height: [0, 5000],
  width: [-28, [28]],
  latent: [0, 65537],
  bits: [0, 17, 7.5],
  codes: [0, -5],
  residual: [-1, 2 ** 40],
  pixels: [-1, 2 ** 32],
}).flatMap(([name, values]) =>
  values.map(value =>
    row(
      `${name} ${JSON.stringify(value)}`,
      withHeader({ [name]: value }),
      new RegExp(`the header at byte 12 has ${name} .*(whole number from|version 1 is read)`),
    ),
  ),
)

const words: Row[] = Object.entries({
  model: ['', 7, 'conv\n', 'x'.repeat(2000)],
  weights: ['abc', 'AB'.repeat(32), null],
  adapter: [5, 'x'.repeat(600), 'a\nb'],
  options: [null, [1], 'width', { width: '1' }, { 'wi dth': 1 }],
}).flatMap(([name, values]) =>
  values.map(value =>
    row(
      `${name} ${JSON.stringify(value).slice(0, 30)}`,
      withHeader({ [name]: value }),
      new RegExp(`the header at byte 12 has ${name} `),
    ),
  ),
)

const missing: Row[] = Object.keys(header).map(name =>
  row(`no ${name}`, withHeader({ [name]: undefined }), new RegExp(`byte 12 has no ${name}`)),
)

export const kgz: Format = {
  file: 'bad.kgz',
  read: decodeKgz,
  good,
  rows: [
    ...cuts(good, [0, 1, 7], /bytes that do not begin as a \.kgz file does/),
    ...cuts(good, [8, 11, 12, 100], /the header at byte 12 should have \d+ bytes.* truncated/),
    ...cuts(good, [codesAt, codesAt + 3, good.length - 1], /CRC-32 .* damaged or truncated/),
    ...cuts(lossy, [lossy.length - 4], /CRC-32 .* damaged or truncated/, 'lossy'),
    ...[0, 3, 7].map(at =>
      row(`magic, byte ${at}`, patched(good, at, [0x20]), /do not begin as a \.kgz/),
    ),
    ...[20, 12 + headerLength, codesAt + 2, good.length - 8, good.length - 1].map(at =>
      row(
        `another byte ${at}`,
        patched(good, at, [good[at] ^ 1]),
        /CRC-32 [0-9a-f]{8}, but [0-9a-f]{8} at byte \d+; the file is damaged/,
      ),
    ),
    row('a byte too many', join(good, [0]), /CRC-32/),
    row('two files', join(good, good), /CRC-32/),
    row('header length 2³² − 1', patched(good, 8, u32(2 ** 32 - 1)), /should have 4294967295/),
    row('header length 0', patched(good, 8, u32(0)), /CRC-32/),
    row(
      'a header of 100 000 bytes',
      withText(text.padEnd(1e5)),
      /header of 100000 bytes at byte 8/,
    ),
    row('no header', withText(''), /the header at byte 12 is no JSON/),
    row('half of a header', withText(text.slice(0, 40)), /is no JSON/),
    row('a list', withText('[]'), /is no JSON object/),
    row('null', withText('null'), /is no JSON object/),
    row('no text', sealed(Uint8Array.from([0xff, 0xfe]), []), /the header at byte 12 is no UTF-8/),
    ...numbers,
    ...words,
    ...missing,
    row('too many pixels', withHeader({ count: 2 ** 20 }), /at most 268435456 pixels/),
    row('too many codes', withHeader({ latent: 65536, count: 9999 }), /as many numbers in codes/),
    row('a CRC of no pixels', withHeader({ residual: 0 }), /but no residual that restores them/),
    row('fewer codes', withHeader({ codes: 3 }), /should end at byte \d+, but the CRC-32 is at/),
    row('more numbers', withHeader({ latent: 3 }), /should end at byte \d+, but/),
    row('bytes after', withHeader({}, { residual: join(parts.residual, [0]) }), /should end at/),
    row('a range that falls', withRange(1, -1), /range of number 0 at byte \d+ is from 1 to -1/),
    row('a range of NaN', withRange(Number.NaN, 1), /range of number 0 .* NaN/),
    row('a range without end', withRange(0, Infinity), /range of number 0 .* Infinity/),
    row('more images', withHeader({ count: 4 }), /the codes at byte \d+ inflate to 6 bytes, not 8/),
    row('fewer images', withHeader({ count: 2 }), /the codes at byte \d+ do not inflate to 4/),
    row('much more images', withHeader({ count: 9e4 }), /cannot inflate from \d+ to 180000 bytes/),
    row('larger images', withHeader({ height: 29 }), /the residual at byte \d+ inflate to 2352/),
    row(
      'codes of 16 bits',
      withHeader({ bits: 9 }),
      /the codes at byte \d+ inflate to 6 .* not 12/,
    ),
    row('too large a code', withHeader({ bits: 7 }), /code 4 is 160 .* at most 127/),
    row('too large a code of 12 bits', sixteen(4096), /code 2 is 4096 .* at most 4095/),
    row(
      'codes of noise',
      withPart('codes', Uint8Array.from([1, 2, 3, 4])),
      /codes .* do not inflate/,
    ),
    row(
      'codes and a byte',
      withPart('codes', join(parts.codes, [0])),
      /codes at byte \d+ inflate to 6 bytes, not 6, or bytes follow them/,
    ),
    row('half of the codes', withPart('codes', parts.codes.subarray(0, 5)), /codes .* do not/),
    row('half of the residual', withPart('residual', parts.residual.subarray(0, 99)), /do not/),
    row(
      'a residual that grows',
      withPart('residual', deflateSync(new Uint8Array(2 ** 20))),
      /the residual at byte \d+ do not inflate to 2352/,
    ),
    row(
      'a residual of another Adler-32',
      withPart('residual', flipped(parts.residual, -1)),
      /residual .* do not/,
    ),
  ],
}
