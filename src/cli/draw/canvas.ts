/** A picture in colour, of which each pixel can be set, as PNG. */
import { encode } from 'fast-png'

export type Colour = readonly [red: number, green: number, blue: number]

export const paper: Colour = [250, 250, 248]
export const ink: Colour = [34, 34, 34]

export class Canvas {
  /** Red, green and blue of each pixel, row by row. */
  readonly data: Uint8Array

  constructor(
    readonly width: number,
    readonly height: number,
    colour: Colour = paper,
  ) {
    this.data = new Uint8Array(3 * width * height)
    for (let i = 0; i < width * height; i++) this.data.set(colour, 3 * i)
  }

  /** Lays a colour over a pixel, from 0 (nothing of it) to 1. Pixels outside are left out. */
  blend(x: number, y: number, colour: Colour, part = 1): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return
    const at = 3 * (y * this.width + x)
    for (let k = 0; k < 3; k++)
      this.data[at + k] += Math.round(part * (colour[k] - this.data[at + k]))
  }

  /** Fills a rectangle. */
  fill(left: number, top: number, width: number, height: number, colour: Colour): void {
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++) this.blend(x, y, colour)
  }

  png(): Uint8Array {
    const { width, height, data } = this
    return encode({ width, height, data, channels: 3, depth: 8 })
  }
}
