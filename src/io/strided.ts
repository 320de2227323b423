/** Elements that lie in memory in another order than their indices. */
import { isContiguous, sizeOf } from '../tensor/shape.js'
import type { TypedArray } from './hosttensor.js'

export interface Strided {
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly offset: number
}

/** A copy, row by row, of  x[i₀, i₁, …] = data[offset + Σ iₖ strideₖ].  All lie within `data`. */
export function rowByRow<T extends TypedArray>(data: T, { shape, strides, offset }: Strided): T {
  const size = sizeOf(shape)
  if (isContiguous(shape, strides)) return data.slice(offset, offset + size) as T
  const rows = new (data.constructor as new (length: number) => T)(size)
  const index = shape.map(() => 0)
  let from = offset
  for (let i = 0; i < size; i++) {
    rows[i] = data[from]
    for (let d = shape.length - 1; d >= 0; d--) {
      from += strides[d]
      if (++index[d] < shape[d]) break
      from -= strides[d] * shape[d]
      index[d] = 0
    }
  }
  return rows
}
