/** Shapes and strides as plain lists of numbers. Nothing here touches memory. */
import { check } from '../kernels/check.js'
import { inWords } from './inwords.js'

export type Shape = readonly number[]

/** Number of elements: the product of the sizes, 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1)
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, d) => size === b[d])
}

/** Strides of a contiguous tensor: the last index runs fastest. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride
    stride *= shape[d]
  }
  return strides
}

/** Whether the elements lie one after another in memory, in index order. */
export function isContiguous(shape: Shape, strides: readonly number[]): boolean {
  let stride = 1
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== stride) return sizeOf(shape) === 0
    stride *= shape[d]
  }
  return true
}

/**
 * The shape that several shapes broadcast to: aligned at the last dimension, sizes equal or 1.
 * @throws Error naming the operation and the shapes when two sizes differ and neither is 1
 */
export function broadcastShapes(op: string, ...shapes: Shape[]): number[] {
  const rank = Math.max(...shapes.map(shape => shape.length))
  return Array.from({ length: rank }, (_, d) => {
    const sizes = shapes.map(shape => shape[d - rank + shape.length] ?? 1)
    const size = sizes.find(s => s !== 1) ?? 1
    check(
      sizes.every(s => s === 1 || s === size),
      () =>
        `${op}: ${shapes.map(show).join(' and ')} do not broadcast; sizes ${sizes.join(' and ')} ` +
        `(dimension ${d - rank} from the end) must be equal, or one of them 1`,
    )
    return size
  })
}

/** Strides that read a tensor as one of a larger shape: 0 where a size of 1 is repeated. */
export function broadcastStrides(shape: Shape, strides: readonly number[], to: Shape): number[] {
  const missing = to.length - shape.length
  return to.map((size, d) => {
    if (d < missing) return 0
    return shape[d - missing] === 1 && size !== 1 ? 0 : strides[d - missing]
  })
}

/**
 * The same walk with as few dimensions as possible: sizes of 1 are dropped, and neighbours are
 * merged where one stride serves both, in every operand. A contiguous tensor of any rank becomes
 * one dimension; there is always at least one.
 */
export function collapse(shape: Shape, operands: readonly (readonly number[])[]) {
  const sizes: number[] = []
  const strides: number[][] = operands.map(() => [])
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 1) continue
    const last = sizes.length - 1
    const merges = last >= 0 && operands.every((o, i) => strides[i][last] === o[d] * shape[d])
    if (merges) sizes[last] *= shape[d]
    else sizes.push(shape[d])
    operands.forEach((o, i) => {
      if (merges) strides[i][last] = o[d]
      else strides[i].push(o[d])
    })
  }
  if (sizes.length === 0) {
    sizes.push(1) // a single element: one dimension of size 1, stride 0
    for (const list of strides) list.push(0)
  }
  check(
    sizes.length <= 8,
    () =>
      `${show(shape)}: ${sizes.length} dimensions that cannot be merged; kernels walk at most 8. ` +
      'Make it contiguous() first',
  )
  return { shape: sizes, strides }
}

/** A dimension counted from the front. @throws Error when there is no such dimension */
export function dimOf(op: string, dim: number, rank: number): number {
  const most = Math.max(rank, 1)
  check(
    Number.isInteger(dim) && dim >= -most && dim < most,
    () =>
      `${op}: dim is ${inWords(dim)}; a tensor of rank ${rank} has dims ${-most} to ${most - 1}`,
  )
  return dim < 0 ? dim + most : dim
}

/** Several dims counted from the front, each at most once; all dims by default. */
export function dimsOf(
  op: string,
  dims: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (dims === undefined) return Array.from({ length: rank }, (_, d) => d)
  const given = typeof dims === 'number' ? [dims] : dims
  check(
    Array.isArray(given),
    () => `${op}: dims is ${inWords(given)}; it must be a number or a list of them`,
  )
  const list = given.map(dim => dimOf(op, dim, rank))
  check(new Set(list).size === list.length, () => `${op}: dims [${dims}] name one dimension twice`)
  return rank === 0 ? [] : list
}

/** A shape as text: [2, 3]. */
export function show(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

/** @throws Error unless every size is a whole number from 0 up */
export function checkShape(op: string, shape: Shape): void {
  check(
    Array.isArray(shape) && shape.every(size => Number.isInteger(size) && size >= 0),
    () =>
      `${op}: shape is ${Array.isArray(shape) ? show(shape) : String(shape)}; ` +
      'sizes are whole numbers from 0 up, in a list such as [2, 3]',
  )
}

/** @throws Error when kernels, whose loops may step beyond the last element, cannot count so far */
export function checkCount(op: string, shape: Shape): void {
  check(
    sizeOf(shape) < 2 ** 31,
    () =>
      `${op}: ${show(shape)} has ${sizeOf(shape)} elements; there must be fewer than 2^31, ` +
      'since kernels count with 32 bits',
  )
}
