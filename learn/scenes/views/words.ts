/** Sentences about a view, with its numbers. */
import { type Layout, placesOf } from './strided.js'

/** The rule with the numbers of a view:  cell of [i, j] = 0 + i · 4 + j · 1 */
export function ruleOf({ strides, offset }: Layout): string {
  const letters = ['i', 'j'].slice(0, strides.length)
  const terms = letters.map((letter, d) => ` + ${letter} · ${strides[d]}`).join('')
  return `cell of [${letters.join(', ')}] = ${offset}${terms}`
}

/** cell = 0 + 1 · 4 + 2 · 1 = 6 */
export function placeOf({ strides, offset }: Layout, index: readonly number[]): string {
  const terms = index.map((i, d) => ` + ${i} · ${strides[d]}`).join('')
  const cell = index.reduce((at, i, d) => at + i * strides[d], offset)
  return `cell of [${index.join(', ')}] = ${offset}${terms} = ${cell}`
}

/** The index of an element along each dimension. */
export function indexOf({ shape }: Layout, at: number): number[] {
  return shape.length === 1 ? [at] : [Math.floor(at / shape[1]), at % shape[1]]
}

/** Who reads a cell, and which gradients come back to it. */
export function readersOf(layout: Layout, cell: number): { at: number[]; words: string } {
  const at = placesOf(layout).flatMap((place, i) => (place === cell ? [i] : []))
  if (at.length === 0) return { at, words: `cell ${cell} is not read; its gradient is 0` }
  const names = at.map(i => `[${indexOf(layout, i).join(', ')}]`).join(', ')
  const parts = at.map(i => i + 1)
  const sum = parts.reduce((total, part) => total + part, 0)
  const gradients = at.length === 1 ? `${sum}` : `${parts.join(' + ')} = ${sum}`
  return { at, words: `cell ${cell} is read by ${names}; its gradient is ${gradients}` }
}
