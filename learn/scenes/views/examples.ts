/** Layouts to begin with. */
import type { Layout } from './strided.js'

export const examples: readonly (Layout & { readonly title: string })[] = [
  { title: 'a matrix', shape: [3, 4], strides: [4, 1], offset: 0 },
  { title: 'transposed', shape: [4, 3], strides: [1, 4], offset: 0 },
  { title: 'a block of it', shape: [2, 2], strides: [4, 1], offset: 5 },
  { title: 'every second column', shape: [3, 2], strides: [4, 2], offset: 0 },
  { title: 'one row, repeated', shape: [4, 3], strides: [0, 1], offset: 0 },
  { title: 'one column, repeated', shape: [3, 4], strides: [4, 0], offset: 0 },
  { title: 'windows that overlap', shape: [4, 3], strides: [1, 1], offset: 0 },
  { title: 'a diagonal', shape: [3], strides: [5], offset: 0 },
]

export const first = examples[0]
