/** Images of digits by their number. Drawn digits are made when they are first asked for. */
import { data } from '../../../src/index.js'

export const side = 28
export const pixelsPerImage = side * side

export interface Images {
  readonly count: number
  /** Grey values from 0, black, to 255, white. */
  image(i: number): Uint8Array
  label(i: number): number
}

const perBlock = 50 // few enough that a first batch is there at once

/** Drawn digits: block k of them has the seed  firstSeed + k. */
export function drawnImages(count: number, firstSeed: number): Images {
  const blocks: data.ImageSet[] = []
  const blockOf = (i: number) => {
    const k = Math.floor(i / perBlock)
    blocks[k] ??= data.drawDigits({ count: perBlock, seed: firstSeed + k })
    return blocks[k]
  }
  return {
    count,
    image: i => at(blockOf(i), i % perBlock),
    label: i => blockOf(i).labels[i % perBlock],
  }
}

/** The images of a set that is there as a whole. */
export function imagesOf(set: data.ImageSet): Images {
  return { count: set.count, image: i => at(set, i), label: i => set.labels[i] }
}

const at = ({ images }: data.ImageSet, i: number) =>
  images.subarray(i * pixelsPerImage, (i + 1) * pixelsPerImage)

/** Grey values of several images as floats, 0 black to 1 white.   [n, 784] */
export function floats(images: Images, indices: readonly number[]): Float32Array<ArrayBuffer> {
  const values = new Float32Array(indices.length * pixelsPerImage)
  for (const [k, i] of indices.entries()) {
    const bytes = images.image(i)
    for (let p = 0; p < pixelsPerImage; p++) values[k * pixelsPerImage + p] = bytes[p] / 255
  }
  return values
}
