/** Decoded PNG images in grey. */
import type { DecodedPng } from 'fast-png'
import { check } from '../kernels/check.js'

export interface GreyImage {
  readonly height: number
  readonly width: number
  /** Row by row, 0 black to 255 white. */
  readonly grey: Uint8Array
}

const [indexed, coloured] = [3, 2] // the palette bit with the colour bit, and the colour bit

/**
 * Grey bytes of each pixel:  round(255 · (0.299 R + 0.587 G + 0.114 B) · A),  all in [0, 1]. The
 * weights are those of ITU-R BT.601. A is opacity, so what is transparent is black.
 * @throws Error when a pixel has no colour in the palette
 */
export function greyOf(png: DecodedPng, colourType: number): GreyImage {
  const { height, width, palette, transparency } = png
  const samples = samplesOf(png)
  const most = 2 ** png.depth - 1
  const luma = (red: number, green: number, blue: number) =>
    0.299 * red + 0.587 * green + 0.114 * blue
  const shade = (i: number): number => {
    const at = i * png.channels
    if (colourType === indexed) {
      const colour = palette?.[samples[at]]
      check(colour, () => `pixel ${i} has colour ${samples[at]}, which is not in the palette`)
      const [red, green, blue, alpha = 255] = colour
      return (luma(red, green, blue) * alpha) / 255
    }
    const isColour = (colourType & coloured) !== 0
    const count = isColour ? 3 : 1
    const values = samples.subarray(at, at + count)
    const light = isColour ? luma(values[0], values[1], values[2]) : values[0]
    // One colour of an image without alpha may stand for what is transparent.
    const isClear = transparency?.length === count && values.every((v, c) => v === transparency[c])
    const alpha = isClear ? 0 : png.channels > count ? samples[at + count] / most : 1
    return (255 * light * alpha) / most
  }
  const grey = Uint8Array.from({ length: height * width }, (_, i) => Math.round(shade(i)))
  return { height, width, grey }
}

/** One number per sample, where several may share a byte. Each row begins with a new byte. */
function samplesOf({ data, depth, width, height }: DecodedPng): Uint8Array | Uint16Array {
  if (depth >= 8) return data as Uint8Array | Uint16Array
  const perByte = 8 / depth
  const row = Math.ceil(width / perByte)
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width]
    const byte = data[y * row + Math.floor(x / perByte)]
    return (byte >> (8 - depth * (1 + (x % perByte)))) & (2 ** depth - 1)
  })
}
