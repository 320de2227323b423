import { deflateRawSync } from 'node:zlib'
import { crc32 } from '../../src/io/crc32.js'
import { decodeNpz } from '../../src/io/npy.js'
import {
  bomb,
  type Entry,
  flipped,
  join,
  npy,
  npyHeader,
  patched,
  u16,
  u32,
  u64,
  zip,
} from './build.js'
import { cuts, type Format, row } from './format.js'

const array = npy(npyHeader('<f4', '(2, 3)'), new Uint8Array(24))
const packed = new Uint8Array(deflateRawSync(array))
const a: Entry = { name: 'a.npy', data: array }
const b: Entry = { name: 'b.npy', data: array }
const deflated: Entry = { ...a, data: packed, method: 8, size: array.length, crc: crc32(array) }
const good = zip([a, b, { ...deflated, name: 'c.npy' }])
const one = zip([a])
const dataAt = 30 + 5
const directory = dataAt + array.length
const end = one.length - 22
const inflates = /does not inflate to \d+ bytes with CRC-32 \w+; the file is damaged/
const zip64 = (size: bigint) => join(u16(1), u16(8), u64(size))

export const npz: Format = {
  file: 'bad.npz',
  read: decodeNpz,
  good,
  rows: [
    ...cuts(
      one,
      [0, 1, 4, 21, dataAt, directory, end, end + 4, one.length - 1],
      /no zip archive ends/,
    ),
    row('one byte behind', join(one, [0]), /no zip archive ends with its/),
    row('one byte before', join([0], one), /should begin an entry|should begin at byte|no room/),
    row('an end alone, for one entry', one.subarray(end), /where they have no room/),
    row('a comment longer than the file', patched(one, -2, u16(9)), /no zip archive ends/),
    row('65 535 entries', zip([a], { count: 0xfffe }), /65534 entries are listed in \d+ bytes/),
    row(
      'no entries, by the end',
      zip([a], { count: 0 }),
      /bytes follow the directory's last entry/,
    ),
    row('another count here', patched(one, end + 8, u16(0)), /several parts/),
    row('a second disk', patched(one, end + 4, u16(1)), /several parts/),
    row('a directory of 2³² − 2 bytes', zip([a], { size: 0xfffffffe }), /where they have no room/),
    row('a directory at 2³² − 2', zip([a], { from: 0xfffffffe }), /where they have no room/),
    row('a directory one byte later', zip([a], { from: directory + 1 }), /no room/),
    row('a directory one byte earlier', zip([a], { from: directory - 1 }), /should begin an entry/),
    row('a directory one byte longer', zip([a], { size: end - directory + 1 }), /no room/),
    row(
      'zip64 that is not there',
      zip([a], { from: 0xffffffff }),
      /zip64 record, and there is none/,
    ),
    row(
      'zip64 that points to 2⁶³',
      join(
        one.subarray(0, end),
        [0x50, 0x4b, 6, 7],
        u32(0),
        u64(2n ** 63n),
        u32(1),
        patched(one.subarray(end), 8, u32(0xffffffff)),
      ),
      /zip64 record, and there is none/,
    ),
    row('directory signature', flipped(one, directory), /byte 67|should begin an entry/),
    row(
      'header signature',
      flipped(one, 0),
      /"a\.npy", listed at byte \d+, should begin at byte 0/,
    ),
    ...[0xffff, 0x1000].map(n =>
      row(
        `a name of ${n} bytes`,
        patched(one, directory + 28, u16(n)),
        /beyond the directory's end/,
      ),
    ),
    row('an extra field of 65535', patched(one, directory + 30, u16(0xffff)), /beyond the dir/),
    row('a comment of 65535', patched(one, directory + 32, u16(0xffff)), /beyond the directory/),
    row('a local name of 65535', patched(one, 26, u16(0xffff)), /has another header at byte 0/),
    row('a local extra of 65535', patched(one, 28, u16(0xffff)), /has another header at byte 0/),
    row('another local name', zip([{ ...a, localName: 'x.npy' }]), /has another header at byte 0/),
    row('another local method', zip([{ ...a, localMethod: 8 }]), /has another header at byte 0/),
    row(
      'a name that is no UTF-8',
      patched(patched(one, 30, [0xff]), directory + 46, [0xff]),
      /not UTF-8/,
    ),
    row('encrypted', zip([{ ...a, flags: 1 }]), /is encrypted; such entries are not read/),
    ...[1, 9, 12, 14, 93, 99, 0xffff].map(method =>
      row(`method ${method}`, zip([{ ...a, method }]), /is compressed by method \d+; only 0/),
    ),
    ...[1, directory - 10, 0xfffffffe].map(offset =>
      row(`offset ${offset}`, zip([{ ...a, offset }]), /should begin at byte \d+, and does not/),
    ),
    ...[array.length + 1, 2 ** 31, 0xfffffffe].map(size =>
      row(
        `stored, ${size} bytes`,
        zip([{ ...a, size, packed: size }]),
        /but the directory begins at/,
      ),
    ),
    row('stored, larger than it is', zip([{ ...a, size: array.length + 1 }]), /which cannot be/),
    row('stored, shorter', zip([{ ...a, size: 20, packed: 20 }]), /CRC-32 \w+, not \w+; the file/),
    row(
      'zip64, 2⁶³ bytes',
      zip([{ ...a, packed: 0xffffffff, extra: zip64(2n ** 63n) }]),
      /but the dir/,
    ),
    row('zip64 without its field', zip([{ ...a, packed: 0xffffffff }]), /but the directory begins/),
    row('wrong CRC-32', zip([{ ...a, crc: 1 }]), /has CRC-32 \w+, not 00000001; the file is dam/),
    ...[dataAt, dataAt + 30, directory - 1].map(at =>
      row(
        `a data byte at ${at}`,
        flipped(one, at),
        /"a\.npy", \d+ bytes from byte 35 on, has CRC-32/,
      ),
    ),
    row('deflated, wrong CRC-32', zip([{ ...deflated, crc: 1 }]), inflates),
    row('deflated, one byte less', zip([{ ...deflated, size: array.length - 1 }]), inflates),
    row('deflated, one byte more', zip([{ ...deflated, size: array.length + 1 }]), inflates),
    row('deflated, size 0', zip([{ ...deflated, size: 0 }]), inflates),
    row('deflated, cut', zip([{ ...deflated, data: packed.subarray(0, -3) }]), inflates),
    row(
      'deflated, no data',
      zip([{ ...deflated, data: join(), size: 0, crc: 0 }]),
      /inflate|truncated/,
    ),
    row('deflated, a flipped byte', zip([{ ...deflated, data: flipped(packed, 20) }]), inflates),
    row('deflated, random', zip([{ ...deflated, data: join('not deflated at all') }]), inflates),
    row('deflated, more than it can be', zip([{ ...deflated, size: 0xfffffffe }]), /cannot be/),
    row(
      '1 GiB where 100 bytes are stated',
      zip([{ ...deflated, data: bomb(), size: 100 }]),
      inflates,
    ),
    row(
      'two GiB in two entries',
      zip(['a.npy', 'b.npy'].map(name => ({ ...deflated, name, data: bomb(), size: 2 ** 30 }))),
      /inflate to 2147483648 bytes, more than the 1073741824 that are read/,
    ),
    row(
      'two entries of one place',
      zip([a, { ...b, localName: 'b.npy', offset: 0 }]),
      /another header/,
    ),
    row(
      'two overlapping entries',
      zip([{ ...a, packed: 2 * array.length + 35, size: 2 * array.length + 35 }, b]),
      /"b\.npy" begins at byte \d+, inside of "a\.npy"/,
    ),
    row('two entries of one name', zip([a, a]), /two entries have the name "a\.npy"/),
    row(
      'an entry that is no array',
      zip([a, { name: 'x.txt', data: join('x') }]),
      /holds "x\.txt"/,
    ),
    row('a folder', zip([{ name: 'x/', data: join() }]), /holds "x\/"/),
    row('an array cut', zip([{ ...a, data: array.subarray(0, -1) }]), /"a\.npy": F32 .* truncated/),
    row(
      'an array that is none',
      zip([{ ...a, data: join('text') }]),
      /"a\.npy": 4 bytes that do not/,
    ),
    row(
      'Python objects',
      zip([{ ...a, data: npy(npyHeader('|O', '(1,)'), [1]) }]),
      /objects are never/,
    ),
    row('gzip', join([0x1f, 0x8b, 8, 0], new Uint8Array(40)), /no zip archive ends/),
  ],
}
