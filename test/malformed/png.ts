import { deflateSync } from 'node:zlib'
import { decodeGrey } from '../../src/cli/pngfile.js'
import { bomb, chunk, flipped, imageHeader, join, patched, png, pngBegin } from './build.js'
import { cuts, type Format, row } from './format.js'

const good = png()
const rows = (...bytes: number[]) => deflateSync(Uint8Array.from(bytes))
const palette = (length: number) => chunk('PLTE', new Uint8Array(length))
const indexed = imageHeader(2, 2, [8, 3, 0, 0, 0])
const data = 33 // where IDAT begins
const end = good.length - 12

export const pngs: Format = {
  file: 'bad.png',
  read: decodeGrey,
  good,
  rows: [
    ...cuts(good, [0, 1, 7], /bytes that do not begin as a PNG file does/),
    ...cuts(good, [8, 12, 16, 32], /the chunk at byte 8 should take \d+ bytes, and .* truncated/),
    ...cuts(good, [data, data + 8, end - 1], /the chunk at byte 33 .* truncated/),
    ...cuts(
      good,
      [end, good.length - 1],
      /the chunk at byte \d+ .* are left; the file is truncated/,
    ),
    ...[0, 1, 4, 7].map(at =>
      row(`signature, byte ${at}`, flipped(good, at), /do not begin as a PNG file/),
    ),
    ...[8, data, end].map(at =>
      row(
        `length at ${at}, huge`,
        patched(good, at, [255, 255, 255, 255]),
        /should take 429496730/,
      ),
    ),
    row('IHDR, length one less', patched(good, 11, [12]), /CRC-32|should take/),
    ...[12, 16, 23, 24, 25, 29].map(at =>
      row(`IHDR, byte ${at}`, flipped(good, at), /the chunk "\S+" at byte 8 has another CRC-32/),
    ),
    ...[data + 4, data + 8, data + 12, end - 4, end - 1].map(at =>
      row(`IDAT, byte ${at}`, flipped(good, at), /the chunk "\S+" at byte 33 has another CRC-32/),
    ),
    ...[end + 4, end + 8].map(at =>
      row(`IEND, byte ${at}`, flipped(good, at), /the chunk "\S+" at byte \d+ has another CRC-32/),
    ),
    ...(
      [
        [0, 2],
        [2, 0],
        [2 ** 32 - 1, 2 ** 32 - 1],
        [65536, 65536],
        [1, 2 ** 31],
      ] as const
    ).map(([w, h]) =>
      row(
        `${w} × ${h} pixels`,
        png({ header: imageHeader(w, h) }),
        /pixels by the header at byte 16/,
      ),
    ),
    ...[
      [3, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [16, 3, 0, 0, 0],
      [4, 2, 0, 0, 0],
      [8, 1, 0, 0, 0],
      [8, 7, 0, 0, 0],
      [8, 0, 1, 0, 0],
      [8, 0, 0, 1, 0],
      [8, 0, 0, 0, 2],
    ].map(rest =>
      row(`header ${rest}`, png({ header: imageHeader(2, 2, rest) }), /are no combination of the/),
    ),
    row(
      '1 bit, interlaced',
      png({ header: imageHeader(2, 2, [1, 0, 0, 0, 1]) }),
      /without interlac/,
    ),
    row(
      'IHDR of 12 bytes',
      png({ header: chunk('IHDR', new Uint8Array(12)) }),
      /IHDR has 12 bytes/,
    ),
    row('no IHDR', png({ header: join() }), /the chunk "IDAT" at byte 8 is at a wrong place/),
    row('IHDR twice', png({ before: imageHeader(9, 9) }), /the chunk "IHDR" .* wrong place/),
    row('no IDAT', join(pngBegin, imageHeader(2, 2), chunk('IEND', [])), /there is no IDAT chunk/),
    row('no IEND', png({ end: [] }), /the chunk at byte \d+ should take 12 bytes, and 0 are left/),
    row(
      'an unknown chunk that is needed',
      png({ before: chunk('DATA', [1]) }),
      /unknown and needed/,
    ),
    row('IDAT that is not deflated', png({ data: 'no zlib here' }), /do not inflate to the 6/),
    row('IDAT without bytes', png({ data: [] }), /the 0 bytes of IDAT .* do not inflate to the 6/),
    row('IDAT, one byte short', png({ data: rows(0, 1, 2, 0, 3) }), /do not inflate to the 6/),
    row('IDAT, one byte more', png({ data: rows(0, 1, 2, 0, 3, 4, 5) }), /do not inflate to the 6/),
    row('IDAT, cut', png({ data: rows(0, 1, 2, 0, 3, 4).subarray(0, -5) }), /do not inflate/),
    row(
      'IDAT, wrong checksum',
      png({ data: flipped(rows(0, 1, 2, 0, 3, 4), -1) }),
      /do not inflate/,
    ),
    row(
      'IDAT of 1 GiB',
      png({ data: join([0x78, 0x9c], bomb()) }),
      /do not inflate to the 6 of 2 × 2/,
    ),
    row(
      'an unknown filter',
      png({ data: rows(9, 1, 2, 0, 3, 4) }),
      /[Ff]ilter.*the file is damaged/,
    ),
    row('indices without a palette', png({ header: indexed }), /colour 1, which is not in the pal/),
    row('an index beyond', png({ header: indexed, before: palette(9) }), /colour 3, which is not/),
    row('a palette of 5 bytes', png({ header: indexed, before: palette(5) }), /palette is no list/),
    row('a palette of 257', png({ header: indexed, before: palette(771) }), /palette is no list/),
    row(
      'two palettes',
      png({ header: indexed, before: join(palette(15), palette(15)) }),
      /palette is no list/,
    ),
    row(
      'more opacities than colours',
      png({ header: indexed, before: join(palette(15), chunk('tRNS', new Uint8Array(6))) }),
      /tRNS.*the file is damaged/,
    ),
  ],
}
