/** The range of whole numbers from the host, so that a wrong index is refused at the call. */
import type { Storage } from './storage.js'
import type { Tensor } from './tensor.js'

interface Range {
  readonly least: number
  readonly most: number
  /** Of the storage, when these were its numbers. */
  readonly version: number
}

const ranges = new WeakMap<Storage, Range>()

/** Keeps the range of a tensor that was just filled with these numbers. */
export function noteRange({ storage }: Tensor, values: Int32Array): void {
  if (values.length === 0) return
  let least = Infinity
  let most = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value < least) least = value
    if (value > most) most = value
  }
  ranges.set(storage, { least, most, version: storage.version })
}

/**
 * Refuses an index that is known to lie outside of 0 to `size` − 1. A tensor that the GPU computed,
 * or a part of one, is not known: there the kernel gives NaN.
 * @throws Error that names the index
 */
export function checkInside(
  op: string,
  what: string,
  index: Tensor,
  size: number,
  ignored?: number,
): void {
  const known = ranges.get(index.storage)
  if (!known || known.version !== index.storage.version || index.size < index.storage.size) return
  const wrong = [known.least, known.most].find(i => i !== ignored && (i < 0 || i >= size))
  if (wrong === undefined) return
  const allowed = ignored === undefined ? '' : `, or ${ignored} to ignore`
  const range = size > 0 ? `allowed are 0 to ${size - 1}${allowed}` : 'there is nothing to take'
  throw new Error(`${op}: ${what} holds ${wrong}; ${range}`)
}
