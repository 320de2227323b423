import { Tensor, tensor } from '../../src/index.js'
import { check } from '../../src/kernels/check.js'
import { close, functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function column(x, j) {
  return x.transpose().select(0, j)
}
`

export const column: Program = {
  title: 'A column without a copy',
  language: 'javascript',
  start: `export function column(x, j) {
  // column j of the matrix x, as a view
}
`,
  answer,
  wrong: [
    [answer.replace('.transpose()', ''), /shape \[3\]; it must be \[2\]/],
    [answer.replace('(0, j)', '(0, j).clone()'), /memory of their own/],
    [answer.replace('select(0, j)', 'slice(0, { start: j, stop: j + 1 })'), /shape \[1, 2\]/],
  ],
  async judge(module) {
    const f = functionOf<(x: Tensor, j: number) => unknown>(module, 'column')
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    for (const j of [0, 2]) {
      const y = f(x, j)
      await close(`column(x, ${j})`, y, { shape: [2], values: [1 + j, 4 + j] })
      check(
        y instanceof Tensor && y.storage === x.storage,
        () =>
          'The values are right, but they have memory of their own: this is a copy, not a view.',
      )
    }
    return 'Columns 0 and 2 are right, and they show the memory of x. Nothing was copied.'
  },
}
