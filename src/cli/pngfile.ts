/** A PNG file as grey bytes, checked before the package that decodes it sees it. */
import { inflateSync } from 'node:zlib'
import { decode } from 'fast-png'
import { viewOf } from '../io/bytes.js'
import { check } from '../kernels/check.js'
import { type Chunk, chunksOf, signature } from './pngchunks.js'
import { type GreyImage, greyOf } from './pnggrey.js'

/** Larger images are not read. */
const mostPixels = 2 ** 24

/** Samples per pixel and depths for each colour type of the format. */
const colours: Readonly<Record<number, readonly [samples: number, depths: readonly number[]]>> = {
  0: [1, [1, 2, 4, 8, 16]],
  2: [3, [8, 16]],
  3: [1, [1, 2, 4, 8]],
  4: [2, [8, 16]],
  6: [4, [8, 16]],
}

/**
 * The image in grey, as `readPngs` says.
 * @param file its name, for messages
 * @throws Error of one line that says what is wrong with the file, and where
 */
export function decodeGrey(bytes: Uint8Array, file: string): GreyImage {
  const chunks = chunksOf(bytes, file)
  const bitsPerPixel = checkHeader(chunks[0], file)
  const view = viewOf(chunks[0].data)
  const [width, height, interlaced] = [
    view.getUint32(0),
    view.getUint32(4),
    view.getUint8(12) === 1,
  ]
  const data = chunks.filter(({ type }) => type === 'IDAT')
  check(data.length > 0, () => `${file}: there is no IDAT chunk; the file is damaged`)
  const packed = Buffer.concat(data.map(chunk => chunk.data))
  const expected = (interlaced ? passes(width, height) : [[width, height]])
    .filter(([w, h]) => w > 0 && h > 0)
    .reduce((sum, [w, h]) => sum + h * (1 + Math.ceil((w * bitsPerPixel) / 8)), 0)
  check(
    inflatesTo(packed, expected),
    () =>
      `${file}: the ${packed.length} bytes of IDAT from byte ${data[0].at} on do not inflate to ` +
      `the ${expected} of ${height} × ${width} pixels; the file is damaged`,
  )
  const needed = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'] // other chunks may hide more data
  const plain = chunks.filter(({ type }) => needed.includes(type)).map(({ raw }) => raw)
  try {
    const png = decode(new Uint8Array(Buffer.concat([Uint8Array.from(signature), ...plain])))
    return greyOf(png, chunks[0].data[9])
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}; the file is damaged`)
  }
}

/** The bits per pixel. @throws Error unless the header is one that is read */
function checkHeader({ data }: Chunk, file: string): number {
  check(data.length === 13, () => `${file}: IHDR has ${data.length} bytes, not 13; it is damaged`)
  const view = viewOf(data)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  check(
    width > 0 && height > 0 && width * height <= mostPixels,
    () =>
      `${file}: ${height} × ${width} pixels by the header at byte 16; ` +
      `from 1 to ${mostPixels} are read`,
  )
  const [depth, colour, compression, filter, interlace] = data.subarray(8)
  const [samples, depths] = colours[colour] ?? [0, []]
  check(
    depths.includes(depth) && compression === 0 && filter === 0 && interlace <= 1,
    () =>
      `${file}: depth ${depth}, colour type ${colour}, compression ${compression}, filter ` +
      `${filter}, interlace ${interlace} at byte 24 are no combination of the format`,
  )
  check(
    interlace === 0 || depth >= 8,
    () => `${file}: interlaced with ${depth} bits per sample; save it without interlacing`,
  )
  return samples * depth
}

/** The sizes of the seven images that an interlaced one is made of (Adam7). */
function passes(width: number, height: number): number[][] {
  // biome-ignore format: a table reads in columns
  const steps = [
    [0, 8, 0, 8], [4, 8, 0, 8], [0, 4, 4, 8], [2, 4, 0, 4],
    [0, 2, 2, 4], [1, 2, 0, 2], [0, 1, 1, 2],
  ]
  return steps.map(([x, dx, y, dy]) => [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)])
}

function inflatesTo(packed: Uint8Array, size: number): boolean {
  try {
    return inflateSync(packed, { maxOutputLength: size }).length === size
  } catch {
    return false
  }
}
