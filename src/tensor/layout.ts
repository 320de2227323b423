/** How the elements of a view lie in its buffer. */
import { collapse, type Shape, sizeOf, stridesOf } from './shape.js'

/** In elements. */
export interface Layout {
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
}

/** How many elements of memory there are from the first to the last, both included. */
export function spanOf({ shape, strides }: Pick<Layout, 'shape' | 'strides'>): number {
  if (shape.includes(0)) return 0
  return shape.reduce((span, size, d) => span + (size - 1) * strides[d], 1)
}

/** From the first element to behind the last: memory around them may hold anything. */
export function extentOf(layout: Layout): [from: number, to: number] {
  return [layout.offset, layout.offset + spanOf(layout)]
}

/** Shape and strides with as few dimensions as possible. */
export function collapsed({ shape, strides }: Pick<Layout, 'shape' | 'strides'>) {
  const walk = collapse(shape, [strides])
  return { shape: walk.shape, strides: walk.strides[0] }
}

/**
 * Strides that show the same elements in another shape without copying, or null if there are none.
 */
export function restride(shape: Shape, strides: readonly number[], to: Shape): number[] | null {
  if (sizeOf(shape) === 0) return stridesOf(to)
  const from = collapse(shape, [strides])
  const result = new Array<number>(to.length)
  let d = to.length - 1
  for (let block = from.shape.length - 1; block >= 0; block--) {
    let left = from.shape[block]
    let stride = from.strides[0][block]
    while (left > 1) {
      if (d < 0 || left % to[d] !== 0) return null
      result[d] = stride
      stride *= to[d]
      left /= to[d]
      d--
    }
  }
  for (; d >= 0; d--) result[d] = 1 // only sizes of 1 are left
  return result
}
