import { type Tensor, tensor } from '../../src/index.js'
import { close, functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function db(dy) {
  return dy.sum(0)
}
`

export const repeated: Program = {
  title: 'The gradient of a repeated row',
  language: 'javascript',
  start: `export function db(dy) {
  // y = x + b,  x [2, 3],  b [3].  From dy [2, 3] to db [3].
  return dy
}
`,
  answer,
  wrong: [
    [answer.replace('.sum(0)', ''), /shape \[2, 3\]; it must be \[3\]/],
    [answer.replace('sum(0)', 'mean(0)'), /must be \[5, 7, 9\]/],
    [answer.replace('sum(0)', 'select(0, 0)'), /It is \[1, 2, 3\]/],
  ],
  async judge(module) {
    const f = functionOf<(dy: Tensor) => unknown>(module, 'db')
    const dy = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    await close('db(dy)', f(dy), { shape: [3], values: [5, 7, 9] })
    const taller = tensor([[1], [2], [4]]).expand([3, 3])
    await close('db(dy) for three rows', f(taller), { shape: [3], values: [7, 7, 7] })
    return 'Right: each element of b was read once per row, and it gets the sum of what comes back.'
  },
}
