/** Pictures of grey images in rows and columns, as PNG. */
import { encode } from 'fast-png'
import { check } from '../kernels/check.js'

/** Grey values, image after image: [n · height · width]. */
export type Images = Float32Array | Uint8Array

export interface PictureOptions {
  /** Images per row. */
  columns: number
  height?: number
  width?: number
  /** Screen pixels per pixel, along each side. */
  scale?: number
  /** Pixels between images. */
  gap?: number
  /**
   * The values of black and white: by default −1 and 1, for bytes 0 and 255. Values outside are
   * drawn like the nearer of the two, and NaN in magenta.
   */
  range?: readonly [black: number, white: number]
}

type Colour = readonly [red: number, green: number, blue: number]

const margin = 5 // pixels around all, and between groups of rows
const paper: Colour = [250, 250, 248]
const alarm: Colour = [255, 0, 255] // for what is not a number

/**
 * Images one after the other, row by row.
 * @throws Error when the values are no whole number of images
 */
export function grid(images: Images, options: PictureOptions): Uint8Array {
  checkPicture('grid', images, options)
  const rows = rowsOf(images, options)
  return picture(rows, rows.length, options)
}

/**
 * Originals in one row, their copies in the row below, and so on.
 * @throws Error when the two differ in size, or their values are no whole number of images
 */
export function reconstructions(
  originals: Images,
  copies: Images,
  options: PictureOptions,
): Uint8Array {
  checkPicture('reconstructions', originals, options)
  check(
    originals.length === copies.length,
    () =>
      `reconstructions: ${originals.length} values in the originals and ` +
      `${copies.length} in the copies; each original needs one copy`,
  )
  const below = rowsOf(copies, options)
  const rows = rowsOf(originals, options).flatMap((row, r) => [row, below[r]])
  return picture(rows, 2, options)
}

/**
 * Several versions of the same images: a row of each, one below the other, then the next rows.
 * @throws Error when they differ in size, or their values are no whole number of images
 */
export function rowsOfImages(versions: readonly Images[], options: PictureOptions): Uint8Array {
  for (const images of versions) checkPicture('rowsOfImages', images, options)
  const [first, ...others] = versions
  check(
    others.every(({ length }) => length === first.length),
    () => `rowsOfImages: versions of ${versions.map(({ length }) => length).join(', ')} values`,
  )
  const rows = versions.map(images => rowsOf(images, options))
  const mixed = rows[0].flatMap((_, r) => rows.map(version => version[r]))
  return picture(mixed, versions.length, options)
}

function checkPicture(op: string, images: Images, options: PictureOptions): void {
  const { columns, height = 28, width = 28, scale = 3, gap = 1, range = [-1, 1] } = options
  for (const [name, value, least] of [
    ['columns', columns, 1],
    ['height', height, 1],
    ['width', width, 1],
    ['scale', scale, 1],
    ['gap', gap, 0],
  ] as const) {
    check(
      Number.isInteger(value) && value >= least,
      () => `${op}: ${name} is ${value}; it must be a whole number from ${least} up`,
    )
  }
  check(
    images.length > 0 && images.length % (height * width) === 0,
    () =>
      `${op}: ${images.length} values; images of ${height} × ${width} need ` +
      `a multiple of ${height * width}, and at least one`,
  )
  check(
    Number.isFinite(range[1] - range[0]) && range[0] !== range[1],
    () => `${op}: range is [${range.join(', ')}]; black and white must be two different numbers`,
  )
}

function rowsOf(images: Images, { columns, height = 28, width = 28 }: PictureOptions): Images[] {
  const row = columns * height * width
  const count = Math.ceil(images.length / row)
  return Array.from({ length: count }, (_, r) => images.subarray(r * row, (r + 1) * row))
}

/** Rows of images, with a wider gap after every `group` rows. */
function picture(rows: readonly Images[], group: number, options: PictureOptions): Uint8Array {
  const { height = 28, width = 28, scale = 3, gap = 1 } = options
  const { range = rows[0] instanceof Uint8Array ? [0, 255] : [-1, 1] } = options
  const columns = rows[0].length / (height * width) // fewer than asked for, if that is all there is
  const top = (r: number) =>
    margin + r * (height + gap) + Math.floor(r / group) * Math.max(margin - gap, 0)
  const left = (c: number) => margin + c * (width + gap)
  const w = left(columns - 1) + width + margin
  const h = top(rows.length - 1) + height + margin
  const data = new Uint8Array(w * scale * h * scale * 3)
  const fill = (x: number, y: number, colour: Colour) => {
    for (let i = 0; i < scale * scale; i++) {
      const [px, py] = [x * scale + (i % scale), y * scale + Math.floor(i / scale)]
      data.set(colour, (py * w * scale + px) * 3)
    }
  }
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) fill(x, y, paper)
  for (const [r, row] of rows.entries()) {
    for (const [i, value] of row.entries()) {
      const [image, pixel] = [Math.floor(i / (height * width)), i % (height * width)]
      const [y, x] = [Math.floor(pixel / width), pixel % width]
      fill(left(image) + x, top(r) + y, shade(value, range))
    }
  }
  return encode({ width: w * scale, height: h * scale, data, channels: 3, depth: 8 })
}

function shade(value: number, [black, white]: readonly [number, number]): Colour {
  if (Number.isNaN(value)) return alarm
  const grey = Math.round(255 * Math.min(Math.max((value - black) / (white - black), 0), 1))
  return [grey, grey, grey]
}
