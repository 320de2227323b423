/** All images of a file or folder, and files of images. */
import { statSync } from 'node:fs'
import type { ImageSet } from '../data/dataset.js'
import { encodeNpy } from '../io/npy.js'
import { check } from '../kernels/check.js'
import { readArray } from './arrays.js'
import { readPair } from './images.js'
import { readPngs } from './pngs.js'

/**
 * An IDX file, plain or .gz, a .npy file, or a folder of PNG files.
 * @throws Error of one line when it cannot be read, or the images are not of 28 × 28
 */
export async function allImages(path: string): Promise<ImageSet> {
  const set = await read(path)
  const { count, height, width } = set
  check(
    count > 0 && height === 28 && width === 28,
    () => `${path}: ${count} images of ${height} × ${width}; the models take images of 28 × 28`,
  )
  return set
}

async function read(path: string): Promise<ImageSet> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return readPngs(path)
  if (path.endsWith('.npy')) return readArray(path)
  return readPair(path)
}

/** @throws Error unless a file of that name can hold images */
export function checkImageName(path: string): void {
  check(
    /\.(npy|idx)$|-ubyte$/.test(path),
    () => `${path}: its name must end in .npy, .idx or -ubyte, which says the format`,
  )
}

/** Images [n, height, width] as the bytes of a file whose name says the format. */
export function encodeImages(
  path: string,
  images: Uint8Array,
  [count, height, width]: readonly [number, number, number],
): Uint8Array {
  const data = Uint8Array.from(images)
  if (path.endsWith('.npy')) return encodeNpy({ dtype: 'U8', shape: [count, height, width], data })
  const file = new Uint8Array(16 + data.length)
  const view = new DataView(file.buffer)
  for (const [i, word] of [0x803, count, height, width].entries()) view.setUint32(4 * i, word)
  file.set(data, 16)
  return file
}
