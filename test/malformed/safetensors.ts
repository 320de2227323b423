import { decodeSafetensors } from '../../src/io/safetensors.js'
import { join, type Part, patched, u64 } from './build.js'
import { cuts, type Format, row } from './format.js'

/** A file with this header and this many bytes behind it. */
export function file(header: unknown, dataBytes = 0): Uint8Array {
  const isRaw = typeof header === 'string' || header instanceof Uint8Array
  const text = join(isRaw ? (header as Part) : JSON.stringify(header))
  return join(u64(text.length), text, new Uint8Array(dataBytes))
}

const entry = (dtype: unknown, shape: unknown, data_offsets: unknown) => ({
  a: { dtype, shape, data_offsets },
})
const good = file(entry('F32', [2], [0, 8]), 8)
const end = good.length - 8

export const safetensors: Format = {
  file: 'bad.safetensors',
  read: decodeSafetensors,
  good,
  rows: [
    ...cuts(good, [0, 1, 7], /bytes; a safetensors file begins with a header length of 8/),
    ...cuts(good, [8, 9, end - 1], /the header should take \d+ bytes, but the file has/),
    ...cuts(good, [end, end + 1, good.length - 1], /ends at byte 8 of the data, which has/),
    row('one byte too many', join(good, [0]), /1 bytes follow the last tensor/),
    ...[2n ** 64n - 1n, 2n ** 63n, 2n ** 53n + 1n, BigInt(good.length)].map(length =>
      row(`header length ${length}`, patched(good, 0, u64(length)), /the header should take \d+/),
    ),
    row('header length 0', patched(good, 0, u64(0)), /the header, 0 bytes, is not JSON/),
    row('header length one less', patched(good, 0, u64(end - 9)), /is not JSON/),
    ...['', '{', '{"a":', 'nan', '{"a":NaN}', "{'a':1}", '{"a":1,}'].map(text =>
      row(`header ${text || 'empty'}`, file(text), /is not JSON; the file is damaged/),
    ),
    row('a header that is no UTF-8', file(join('{"', [0xff, 0xfe], '":1}')), /is not JSON/),
    row('a header of zeros', file(new Uint8Array(64)), /is not JSON/),
    row('100 000 brackets', file('['.repeat(100_000)), /is not JSON/),
    ...['[]', '1', 'null', '"a"', 'true'].map(text =>
      row(`header ${text}`, file(text), /is JSON but no object/),
    ),
    row('lists, 5000 deep', file('['.repeat(5000) + ']'.repeat(5000)), /is JSON but no object/),
    ...[null, 5, 'F32', [], {}].map(value =>
      row(`an entry ${JSON.stringify(value)}`, file({ a: value }), /a has dtype undefined/),
    ),
    ...['F4', 'f32', 'F8_E4M3', 'toString', '__proto__', '', null, 4, ['F32']].map(dtype =>
      row(`dtype ${JSON.stringify(dtype)}`, file(entry(dtype, [1], [0, 4]), 4), /a has dtype/),
    ),
    ...[[-1], [1.5], ['2'], [null], [2 ** 53], 2, null, { 0: 1 }, '2'].map(shape =>
      row(
        `shape ${JSON.stringify(shape)}`,
        file(entry('F32', shape, [0, 4]), 4),
        /a has shape .* they must be lists of whole numbers/,
      ),
    ),
    ...[[], [0], [0, 4, 8], [-4, 0], [0, '4'], [0, 4.5], null].map(offsets =>
      row(
        `offsets ${JSON.stringify(offsets)}`,
        file(entry('F32', [1], offsets), 4),
        /they must be lists of whole numbers/,
      ),
    ),
    row('a shape of 2⁹⁶', file(entry('F32', [2 ** 48, 2 ** 48], [0, 4]), 4), /but has 4/),
    row(
      'a shape beyond all numbers',
      file(entry('F32', Array(99).fill(2 ** 50), [0, 4]), 4),
      /but h/,
    ),
    row('a name of 100 000 letters', file({ ['n'.repeat(1e5)]: 5 }), /n… has dtype undefined/),
    row('a dtype of 100 000', file(entry('F'.repeat(1e5), [], [])), /has dtype "F+…"; known/),
    row(
      'a shape of 100 000 sizes',
      file(entry('F32', Array(1e5).fill(-1), [0, 4]), 4),
      /has shape \[[-1,]+… and/,
    ),
    row('too few bytes', file(entry('F32', [2], [0, 4]), 4), /a is F32 \[2\], 8 bytes, but has 4/),
    row('too many bytes', file(entry('F32', [1], [0, 8]), 8), /4 bytes, but has 8/),
    row('offsets backwards', file(entry('F32', [1], [4, 0]), 4), /4 bytes, but has -4/),
    row('offsets of 2⁵²', file(entry('U8', [4], [2 ** 52, 2 ** 52 + 4]), 4), /begins at byte 450/),
    row('a size of 2⁵² bytes', file(entry('U8', [2 ** 52], [0, 2 ** 52]), 4), /ends at byte 450/),
    row('a gap before', file(entry('F32', [1], [4, 8]), 8), /a begins at byte 4 of the data/),
    row(
      'a gap between',
      file({ ...entry('F32', [1], [0, 4]), b: entry('F32', [1], [8, 12]).a }, 12),
      /b begins at byte 8 of the data; without a gap or an overlap it would at 4/,
    ),
    row(
      'an overlap',
      file({ ...entry('F32', [2], [0, 8]), b: entry('F32', [2], [4, 12]).a }, 12),
      /b begins at byte 4 of the data; without a gap or an overlap it would at 8/,
    ),
    row(
      'two tensors of the same bytes',
      file({ ...entry('F32', [2], [0, 8]), b: entry('F32', [2], [0, 8]).a }, 8),
      /begins at byte 0 of the data; without a gap/,
    ),
    ...[5, [], null, { epoch: 3 }, { a: null }, { a: ['b'] }].map(metadata =>
      row(
        `metadata ${JSON.stringify(metadata)}`,
        file({ __metadata__: metadata }),
        /its __metadata__ must map names to strings/,
      ),
    ),
  ],
}
