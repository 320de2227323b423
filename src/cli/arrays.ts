/** Images in NumPy's .npy files. */
import type { ImageSet } from '../data/dataset.js'
import { decodeNpy } from '../io/npy.js'
import { check } from '../kernels/check.js'
import { readBytes } from '../node/files.js'

/**
 * Images [n, height, width] or [n, 1, height, width]: bytes from 0 to 255, or floats from 0 to 1.
 * All labels are 0.
 * @throws Error of one line when the file holds something else
 */
export async function readArray(path: string): Promise<ImageSet> {
  const { dtype, shape, data } = decodeNpy(await readBytes(path), path)
  const sizes = shape.length === 4 && shape[1] === 1 ? [shape[0], ...shape.slice(2)] : shape
  check(
    sizes.length === 3,
    () => `${path}: [${shape.join(', ')}]; images are [n, height, width] or [n, 1, height, width]`,
  )
  const [count, height, width] = sizes
  const images = dtype === 'U8' ? (data as Uint8Array) : fromFloats(path, dtype, data)
  return { images, labels: new Uint8Array(count), count, height, width }
}

function fromFloats(path: string, dtype: string, data: ArrayLike<unknown>): Uint8Array {
  check(
    dtype === 'F32' || dtype === 'F64',
    () => `${path}: values of ${dtype}; images are bytes (u1), or floats (f2, f4, f8) from 0 to 1`,
  )
  const values = data as ArrayLike<number>
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < bytes.length; i++) {
    const value = values[i]
    check(
      value >= 0 && value <= 1,
      () => `${path}: element ${i} is ${value}; floats must be from 0 to 1`,
    )
    bytes[i] = Math.round(255 * value)
  }
  return bytes
}
