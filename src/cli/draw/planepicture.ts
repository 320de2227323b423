/** What a decoder makes of the points of a plane, with axes. */
import { Canvas } from './canvas.js'
import { write } from './lettering.js'
import { drawImage } from './rows.js'

const [side, scale] = [28, 1.5]
const [left, bottom, margin] = [74, 62, 16] // pixels

/**
 * Images of a square of points, row by row from the top; columns and rows are at `ticks`, from low
 * to high. The second number points up.
 */
export function planePicture(images: Float32Array, ticks: readonly number[]): Uint8Array {
  const n = ticks.length
  const cell = side * scale
  const all = n * cell
  const canvas = new Canvas(left + all + margin, margin + all + bottom)
  const wide = new Float32Array(cell * cell)
  for (let i = 0; i < n * n; i++) {
    const image = images.subarray(784 * i, 784 * (i + 1))
    const at = [left + (i % n) * cell, margin + Math.floor(i / n) * cell] as const
    enlarge(image, wide, cell)
    drawImage(canvas, wide, at, { width: cell, scale: 1 })
  }
  for (let k = 0; k < n; k += Math.ceil(n / 10)) {
    const [middle, text] = [(k + 0.5) * cell, ticks[k].toFixed(2)]
    write(canvas, text, [left + middle, margin + all + 20], { size: 10, align: 'middle' })
    write(canvas, text, [left - 8, margin + all - middle + 5], { size: 10, align: 'right' })
  }
  write(canvas, 'z1', [left + all / 2, margin + all + bottom - 14], { size: 13, align: 'middle' })
  write(canvas, 'z2', [left - 12, margin + 14], { size: 13, align: 'right' })
  return canvas.png()
}

/** Bilinear: a pixel's value is at its centre. */
function enlarge(image: Float32Array, to: Float32Array, size: number): void {
  const near = (v: number) => Math.min(Math.max(v, 0), side - 1)
  const place = (v: number) => ((v + 0.5) * side) / size - 0.5
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const [py, px] = [place(y), place(x)]
      const [y0, x0] = [Math.floor(py), Math.floor(px)]
      const row = (r: number) => {
        const [a, b] = [image[near(r) * side + near(x0)], image[near(r) * side + near(x0 + 1)]]
        return a + (px - x0) * (b - a)
      }
      to[y * size + x] = row(y0) + (py - y0) * (row(y0 + 1) - row(y0))
    }
}
