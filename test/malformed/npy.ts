import { decodeNpy } from '../../src/io/npy.js'
import { join, npy, npyHeader, patched, u16, u32 } from './build.js'
import { cuts, type Format, row } from './format.js'

const header = npyHeader('<f4', '(2, 3)')
const good = npy(header, new Uint8Array(24))
const begin = good.length - 24
const withShape = (shape: string) => npy(npyHeader('<f4', shape), new Uint8Array(24))
const withType = (descr: string) => npy(npyHeader(descr, '(3,)'), new Uint8Array(24))
const withText = (text: string) => npy(text, new Uint8Array(24))
const version2 = npy(header, new Uint8Array(24), [2, 0])

export const npys: Format = {
  file: 'bad.npy',
  read: decodeNpy,
  good,
  rows: [
    ...cuts(good, [0, 1, 6, 9], /bytes that do not begin with 93 and NUMPY/),
    ...cuts(good, [10, 11, begin - 1], /the header should end at byte \d+, .* truncated/),
    ...cuts(
      good,
      [begin, begin + 1, good.length - 1],
      /takes 24 bytes, but \d+ follow .* truncated/,
    ),
    ...cuts(version2, [10, 11], /bytes; the file is truncated/, 'version 2.0'),
    row('one byte too many', join(good, [0]), /takes 24 bytes, but 25 follow .* several arrays/),
    row('two arrays', join(good, good), /or holds several arrays/),
    ...[0, 1, 5].map(at =>
      row(`magic, byte ${at}`, patched(good, at, [0x20]), /do not begin with 93/),
    ),
    ...[
      [0, 0],
      [4, 0],
      [1, 1],
      [255, 255],
    ].map(version =>
      row(`version ${version}`, patched(good, 6, version), /format version \d+\.\d+ at byte 6/),
    ),
    row('header length 65535', patched(good, 8, u16(65535)), /should end at byte 65545/),
    row(
      'header length 2³² − 1',
      patched(version2, 8, u32(2 ** 32 - 1)),
      /should end at byte 42949/,
    ),
    row('header length 0', patched(good, 8, u16(0)), /is no Python dict/),
    row('header length one less', patched(good, 8, u16(header.length - 3)), /the header at byte/),
    row(
      'a header of 100 000 bytes',
      npy(header.padEnd(1e5), [], [2, 0]),
      /more than 65536 are not/,
    ),
    row('a header of zeros', withText('\0'.repeat(64)), /is no Python dict/),
    row('a list', withText('[1, 2]'), /is no Python dict/),
    row('code', withText('__import__("os").system("id")'), /is no Python dict/),
    row('code in a field', withText("{'descr': __import__('os'), }"), /a descr that is not read/),
    row('no closing brace', withText(header.replace('}', '')), /the header at byte/),
    row('no shape', withText("{'descr': '<f4', 'fortran_order': False, }"), /ends without shape/),
    row('nothing', withText('{}'), /ends without descr/),
    row('a field twice', withText(header.replace('{', "{'descr': '<f4', ")), /a descr that is not/),
    row('a field more', withText(header.replace('{', "{'x': 1, ")), /has no descr, fortran_order/),
    row('a field toString', withText(header.replace('shape', 'toString')), /has no descr, fort/),
    row('no comma', withText(header.replace("f4', ", "f4' ")), /has no comma/),
    row(
      'brackets, 30 000 deep',
      withText(`{'shape': ${'('.repeat(30_000)}`),
      /a shape that is not/,
    ),
    ...[
      '|O',
      '<U4',
      '|S8',
      '<c8',
      '<M8[ns]',
      '|V4',
      '<f3',
      '<f16',
      '<i16',
      '<b8',
      '',
      '<',
      'f4f4',
    ].map(descr =>
      row(`dtype ${descr || 'empty'}`, withType(descr), /dtype ".*", but|not read, but|never read/),
    ),
    row('dtype constructor', withType('constructor'), /dtype "constructor"; it is not read/),
    row(
      'a dtype of fields',
      withText("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }"),
      /arrays of fields are not read/,
    ),
    row(
      'order 1',
      npy(npyHeader('<f4', '(2, 3)', '1'), new Uint8Array(24)),
      /a fortran_order that/,
    ),
    ...['(-1,)', '(2, -3)', '(2 3)', '(,)', '(2,,3)', '(2-1,)', '(L,)', '(9007199254740993, )'].map(
      shape => row(`shape ${shape}`, withShape(shape), /must be whole numbers from 0 up/),
    ),
    ...['(2.5,)', '(1e3,)', '[2, 3]', '(0x10,)', '6', 'None', "('2',)"].map(shape =>
      row(`shape ${shape}`, withShape(shape), /a shape that is not read/),
    ),
    ...['(2, 4)', '(7,)', '()', '(0,)', '(4503599627370496, 4503599627370496)'].map(shape =>
      row(`shape ${shape}`, withShape(shape), /takes .* bytes, but 24 follow/),
    ),
    row(
      'a shape beyond all numbers',
      withShape(`(${'9007199254740991, '.repeat(99)})`),
      /takes Inf/,
    ),
    row(
      'a truth value 2',
      npy(npyHeader('|b1', '(3,)'), [1, 0, 2]),
      /element 2 is 2; truth values/,
    ),
  ],
}
