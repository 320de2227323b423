/** Labelled grey images as bytes, and as floats for networks. */
import { check } from '../kernels/check.js'
import { described, optionsOf } from '../tensor/arguments.js'

/** Images one after the other, row by row, 0 black to 255 white, each with its digit as label. */
export interface ImageSet {
  readonly images: Uint8Array
  readonly labels: Uint8Array
  readonly count: number
  readonly height: number
  readonly width: number
}

/** The first `n` images, in the set's own memory. @throws Error when there are fewer */
export function take(set: ImageSet, n: number): ImageSet {
  return split(set, n)[0]
}

/**
 * The first `n` images, and the others, in the set's own memory.
 * @throws Error when there are fewer
 */
export function split(set: ImageSet, n: number): [first: ImageSet, rest: ImageSet] {
  checked('split', set)
  check(
    Number.isInteger(n) && n >= 0 && n <= set.count,
    () => `split: ${n} of ${set.count} images; it must be from 0 to ${set.count}`,
  )
  return [range(set, 0, n), range(set, n, set.count)]
}

/**
 * Pixels as floats, image after image:  (byte/255 − mean) / std.
 *
 * With the default ½ and ½ they lie in [−1, 1]; with mean 0 and std 1 in [0, 1]. As in PyTorch's
 * ToTensor and Normalize, every operation is rounded to f32.
 */
export function pixels(
  set: ImageSet,
  options: { mean?: number; std?: number } = {},
): Float32Array<ArrayBuffer> {
  const { images } = checked('pixels', set)
  const { mean = 0.5, std = 0.5 } = optionsOf('pixels', options, ['mean', 'std'])
  const { fround } = Math
  const table = Float32Array.from({ length: 256 }, (_, byte) =>
    fround(fround(fround(byte / 255) - fround(mean)) / fround(std)),
  )
  const floats = new Float32Array(images.length)
  // 20 times as fast as Float32Array.from
  for (let i = 0; i < images.length; i++) floats[i] = table[images[i]]
  return floats
}

/** @throws Error unless it is a set of images */
function checked(op: string, set: ImageSet): ImageSet {
  const isSet = set?.images instanceof Uint8Array && set.labels instanceof Uint8Array
  check(
    isSet && Number.isInteger(set.count),
    () =>
      `${op}: got ${described(set)} where images belong, as drawDigits(…) and readers give them`,
  )
  return set
}

function range({ images, labels, height, width }: ImageSet, from: number, to: number): ImageSet {
  const size = height * width
  return {
    images: images.subarray(from * size, to * size),
    labels: labels.subarray(from, to),
    count: to - from,
    height,
    width,
  }
}
