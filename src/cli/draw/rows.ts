/** Rows of grey images, each row with its name at the left. */
import { check } from '../../kernels/check.js'
import { Canvas, type Colour } from './canvas.js'
import { textWidth, write } from './lettering.js'

export interface LabelledRow {
  /** Lines at the left of the row; the first is its name. */
  readonly label: readonly string[]
  /** Grey values from 0 (black) to 1 (white), image after image: [n · height · width]. */
  readonly images: Float32Array
  /** Whether more space is above this row than between others. */
  readonly isApart?: boolean
}

export interface RowOptions {
  readonly height?: number
  readonly width?: number
  /** Screen pixels per pixel, along each side. */
  readonly scale?: number
}

const [margin, gap, apart] = [14, 3, 12] // screen pixels
const [large, small] = [14, 11] // heights of capital letters
const [grey, alarm]: Colour[] = [
  [95, 95, 95],
  [255, 0, 255], // for what is not a number
]

/**
 * Values outside of [0, 1] are drawn like the nearer of the two, and NaN in magenta.
 * @throws Error when the rows differ in length, or their values are no whole number of images
 */
export function labelledRows(rows: readonly LabelledRow[], options: RowOptions = {}): Uint8Array {
  const { height = 28, width = 28, scale = 3 } = options
  const columns = rows[0].images.length / (height * width)
  for (const { label, images } of rows)
    check(
      Number.isInteger(columns) && columns > 0 && images.length === rows[0].images.length,
      () =>
        `picture: the row ${label[0]} has ${images.length} values, the first ` +
        `${rows[0].images.length}; images are of ${height} × ${width}, as many in each row`,
    )
  const wordy = Math.max(
    0,
    ...rows.flatMap(({ label }) =>
      label.map((line, i) => textWidth(line, i === 0 ? large : small)),
    ),
  )
  const left = margin + (wordy > 0 ? Math.ceil(wordy) + margin : 0)
  const tops: number[] = []
  let bottom = margin
  for (const [r, { isApart = false }] of rows.entries()) {
    tops.push(r === 0 ? margin : bottom + (isApart ? apart : gap))
    bottom = tops[r] + height * scale
  }
  const canvas = new Canvas(left + columns * (width * scale + gap) - gap + margin, bottom + margin)
  for (const [r, { label, images }] of rows.entries()) {
    const middle = tops[r] + (height * scale) / 2
    const lines = large + (label.length - 1) * (small + 8)
    label.forEach((line, i) => {
      const y = middle - lines / 2 + large + i * (small + 8)
      const look = i === 0 ? { size: large } : { size: small, colour: grey }
      write(canvas, line, [left - margin, y], { ...look, align: 'right' })
    })
    for (let c = 0; c < columns; c++) {
      const image = images.subarray(c * height * width, (c + 1) * height * width)
      drawImage(canvas, image, [left + c * (width * scale + gap), tops[r]], { width, scale })
    }
  }
  return canvas.png()
}

/** Draws one grey image with its left upper corner at [left, top]. */
export function drawImage(
  canvas: Canvas,
  image: Float32Array,
  [left, top]: readonly [number, number],
  { width, scale }: { width: number; scale: number },
): void {
  image.forEach((value, i) => {
    const shade = Math.round(255 * Math.min(Math.max(value, 0), 1))
    const colour: Colour = Number.isNaN(value) ? alarm : [shade, shade, shade]
    const [x, y] = [left + (i % width) * scale, top + Math.floor(i / width) * scale]
    canvas.fill(x, y, scale, scale, colour)
  })
}
