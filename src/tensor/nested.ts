/** Nested arrays, flattened to a row with a shape, and built from one again. */
import { check } from '../kernels/check.js'
import { type Shape, sizeOf } from './shape.js'

export type Nested<T> = T | Nested<T>[]

/** The shape of the nesting, as the first of each level has it; [] for a single value. */
export function shapeOf(data: unknown): number[] {
  const shape: number[] = []
  for (let level = data; Array.isArray(level); level = level[0]) shape.push(level.length)
  return shape
}

/** All values in index order. @throws Error when rows differ in length, or hold other values */
export function flatten(data: unknown): (number | boolean)[] {
  const shape = shapeOf(data)
  const row: (number | boolean)[] = []
  const walk = (value: unknown, d: number): void => {
    const length = Array.isArray(value) ? value.length : undefined
    check(
      length === shape[d],
      () =>
        `tensor: rows differ: one of dimension ${d} has ${length ?? 'no'} elements, ` +
        `the first has ${shape[d] ?? 'none'}; all must have the same`,
    )
    if (Array.isArray(value)) {
      for (const item of value) walk(item, d + 1)
      return
    }
    check(
      typeof value === 'number' || typeof value === 'boolean',
      () =>
        `tensor: ${typeof value} among the values; they are numbers or truth values ` +
        '(stack() joins tensors)',
    )
    row.push(value)
  }
  walk(data, 0)
  return row
}

/** The row as nested arrays of a shape; value(i) is its element i. */
export function nest<T>(shape: Shape, value: (i: number) => T): Nested<T> {
  const build = (d: number, from: number): Nested<T> => {
    if (d === shape.length) return value(from)
    const step = sizeOf(shape.slice(d + 1))
    return Array.from({ length: shape[d] }, (_, i) => build(d + 1, from + i * step))
  }
  return build(0, 0)
}
