/** Pictures of images in rows and columns, as PNG. */
import { encode } from 'fast-png'

export interface PictureOptions {
  columns: number
  height?: number
  width?: number
  /** Screen pixels a pixel, along each side. */
  scale?: number
  /** What is drawn black and white; what lies outside is drawn like the nearer of the two. */
  range?: readonly [black: number, white: number]
}

const gap = 1 // pixels between images
const gutter = 5 // between groups of rows, and around all
const paper = [250, 250, 248]
const alarm = [255, 0, 255] // for what is not a number

/** Originals in one row, what became of them in the row below, and so on. Both are [n · height · width]. */
export function reconstructions(
  originals: Float32Array,
  copies: Float32Array,
  options: PictureOptions,
): Uint8Array {
  const { columns, height = 28, width = 28 } = options
  const row = columns * height * width
  const rows: Float32Array[] = []
  for (let from = 0; from < originals.length; from += row) {
    rows.push(originals.subarray(from, from + row), copies.subarray(from, from + row))
  }
  return picture(rows, 2, options)
}

/** Images one after the other, row by row. */
export function grid(images: Float32Array, options: PictureOptions): Uint8Array {
  const { columns, height = 28, width = 28 } = options
  const row = columns * height * width
  const rows = Array.from({ length: Math.ceil(images.length / row) }, (_, i) =>
    images.subarray(i * row, (i + 1) * row),
  )
  return picture(rows, rows.length, options)
}

/** Rows of images, with more room after every `group` rows. */
function picture(
  rows: readonly Float32Array[],
  group: number,
  { columns, height = 28, width = 28, scale = 3, range = [-1, 1] }: PictureOptions,
): Uint8Array {
  const top = (r: number) => gutter + r * (height + gap) + Math.floor(r / group) * (gutter - gap)
  const left = (c: number) => gutter + c * (width + gap)
  const [w, h] = [left(columns) - gap + gutter, top(rows.length - 1) + height + gutter]
  const data = new Uint8Array(w * scale * h * scale * 3)
  for (let i = 0; i < data.length; i++) data[i] = paper[i % 3]
  const put = (x: number, y: number, colour: readonly number[]) => {
    for (let sy = y * scale; sy < (y + 1) * scale; sy++) {
      for (let sx = x * scale; sx < (x + 1) * scale; sx++)
        data.set(colour, (sy * w * scale + sx) * 3)
    }
  }
  rows.forEach((row, r) => {
    row.forEach((value, i) => {
      const [image, pixel] = [Math.floor(i / (height * width)), i % (height * width)]
      put(left(image) + (pixel % width), top(r) + Math.floor(pixel / width), shade(value, range))
    })
  })
  return encode({ width: w * scale, height: h * scale, data, channels: 3, depth: 8 })
}

function shade(value: number, [black, white]: readonly [number, number]): readonly number[] {
  if (Number.isNaN(value)) return alarm
  const grey = Math.round(255 * Math.min(Math.max((value - black) / (white - black), 0), 1))
  return [grey, grey, grey]
}
