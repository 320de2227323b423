/** Random shapes and options, from which rows make cases. */
import type { Random } from './inputs.js'

/** A whole number from a to b. */
export function between(random: Random, a: number, b: number): number {
  return a + Math.floor(random() * (b - a + 1))
}

export function oneOf<T>(random: Random, list: readonly T[]): T {
  return list[between(random, 0, list.length - 1)]
}

export function sometimes(random: Random, share = 0.5): boolean {
  return random() < share
}

/** Mostly small; sometimes 1, a neighbour of a power of two, or 0 where allowed. */
export function size(random: Random, { empty = false }: { empty?: boolean } = {}): number {
  const kind = random()
  if (kind < 0.04 && empty) return 0
  if (kind < 0.18) return 1
  return kind < 0.28 ? oneOf(random, [15, 16, 17, 31, 32, 33, 63, 64, 65]) : between(random, 2, 7)
}

/**
 * A shape of up to six dims and some hundred elements, in which a size may be 0; every so often one
 * long row, past the end of a workgroup.
 */
export function shapeOf(
  random: Random,
  { rank, empty = true }: { rank?: number; empty?: boolean } = {},
): number[] {
  if ((rank === undefined || rank === 1) && sometimes(random, 0.1))
    return [oneOf(random, [255, 256, 257, 1023, 1025])]
  const dims = rank ?? oneOf(random, [0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6])
  const shape: number[] = []
  let room = 600
  for (let d = 0; d < dims; d++) {
    shape.push(Math.min(size(random, { empty }), room))
    room = Math.floor(room / (shape[d] || 1)) || 1
  }
  return shape
}

/** A shape that broadcasts to the given one. */
export function broadcastable(random: Random, shape: readonly number[]): number[] {
  const short = sometimes(random, 0.3) ? shape.slice(between(random, 0, shape.length)) : shape
  return short.map(size => (sometimes(random, 0.25) ? 1 : size))
}

/** `count` shapes that broadcast with one another. */
export function together(random: Random, count: number): number[][] {
  const shape = shapeOf(random)
  return Array.from({ length: count }, () =>
    sometimes(random, 0.4) ? shape : broadcastable(random, shape),
  )
}

/** One of the dims, counted from the front or from the end. */
export function dimOf(random: Random, { length }: { readonly length: number }): number {
  const dim = between(random, 0, length - 1)
  return sometimes(random, 0.4) ? dim - length : dim
}

/** Some of the dims, in any order, counted from the front or from the end. */
export function dimsOf(random: Random, shape: readonly number[]): number[] {
  return shuffled(random, [...shape.keys()])
    .slice(0, between(random, 1, shape.length))
    .map(d => (sometimes(random, 0.3) ? d - shape.length : d))
}

export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const keys = list.map(() => random())
  return [...list.keys()].sort((a, b) => keys[a] - keys[b]).map(i => list[i])
}

/** No more than three dims of at most three: products are many loops. */
export const few = (shape: number[]) => shape.slice(-3).map(s => Math.min(s, 3))

/** A shape of at least one dim. */
export const shapeWithDims = (random: Random) => shapeOf(random, { rank: between(random, 1, 5) })
