import { gzipSync } from 'node:zlib'
import { readIdx } from '../../src/data/idx.js'
import { big32, bomb, flipped, join, patched } from './build.js'
import { cuts, type Format, row } from './format.js'

const sizes = [2, 3, 4]
const header = join([0, 0, 8, 3], ...sizes.map(big32))
const good = join(header, new Uint8Array(24).fill(7))
const zipped = new Uint8Array(gzipSync(good))
const withSizes = (...list: number[]) => join([0, 0, 8, list.length], ...list.map(big32), [1, 2])
const gzipBegin = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]

export const idx: Format = {
  file: 'bad.idx',
  read: readIdx,
  good,
  rows: [
    ...cuts(good, [0, 1], /an IDX file begins with 00 00/),
    ...cuts(good, [2, 3], /a header takes 8 or more; the file is truncated/),
    ...cuts(good, [4, 7, 8, 15], /the header alone takes 16; the file is truncated/),
    ...cuts(good, [16, 17, 39], /bytes, but \[2, 3, 4\] takes 40; the file is truncated/),
    row('one byte too many', join(good, [0]), /1 too many, so the file is damaged/),
    row('first byte of magic', flipped(good, 0), /begins with 55 00 08 03; an IDX file/),
    row('second byte of magic', flipped(good, 1), /an IDX file begins with 00 00/),
    ...[0, 9, 0x0b, 0x0c, 0x0d, 0x0e, 0xff].map(type =>
      row(`element type ${type}`, patched(good, 2, [type]), /element type 0x\w+ at byte 2/),
    ),
    row('255 sizes, of which 3 are there', patched(good, 3, [255]), /header alone takes 1024/),
    row('one size more', patched(good, 3, [4]), /bytes, but|more than the/),
    row('one size less', patched(good, 3, [2]), /bytes, but \[2, 3\] takes 18/),
    row('no sizes', patched(good, 3, [0]), /bytes, but \[\] takes 5/),
    row('a size of 2³² − 1', withSizes(2 ** 32 - 1), /take 4294967303 bytes, more than/),
    row('a size with the sign bit', withSizes(2 ** 31), /from byte 4 on, \[2147483648\], take/),
    row('a product of 2⁶⁴', withSizes(65536, 65536, 65536, 65536), /more than the 1073741824/),
    row('a product beyond all numbers', withSizes(...Array(40).fill(2 ** 32 - 1)), /more than the/),
    row('text', join('label,pixel\n1,2\n'), /begins with 6c 61 62 65/),
    row('gzip of text', new Uint8Array(gzipSync('label,pixel')), /begins with 6c 61 62 65/),
    row('gzip of nothing', new Uint8Array(gzipSync('')), /begins with nothing/),
    ...cuts(
      zipped,
      [2, 9, 10, 12, zipped.length - 8, zipped.length - 1],
      /ends early or is damaged/,
      'gzip',
    ),
    row('gzip, method', patched(zipped, 2, [7]), /ends early or is damaged/),
    row(
      'gzip, a deflated byte',
      flipped(zipped, 14),
      /damaged|bytes, but|begins with|element type/,
    ),
    row('gzip, CRC-32', flipped(zipped, -8), /ends early or is damaged/),
    row('gzip, length', flipped(zipped, -4), /ends early or is damaged/),
    row('gzip, more behind it', join(zipped, [1, 2, 3]), /gzip data|bytes, but/),
    row('gzip, two members', join(zipped, zipped), /longer than 40 bytes|gzip data|too many/),
    row('gzip that unpacks to 1 GiB of zeros', join(gzipBegin, bomb()), /bytes, but|element type/),
    row(
      'gzip whose sizes say 24 bytes and that unpacks to 1 GiB',
      join(gzipBegin, [0, 16, 0, 0xef, 0xff], header, bomb()),
      /is longer than 40 bytes/,
    ),
  ],
}
