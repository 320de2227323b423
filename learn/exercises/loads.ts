import { check } from '../../src/kernels/check.js'
import { functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function loads(n, rows, columns) {
  const blocks = (n / rows) * (n / columns)
  return blocks * n * (rows + columns)
}
`

export const loads: Program = {
  title: 'How many loads a block needs',
  language: 'javascript',
  start: `export function loads(n, rows, columns) {
  // A, B and C are [n, n]. A block of C has this many rows and columns.
  // How many numbers of A and B do all blocks load together?
  return 0
}
`,
  answer,
  wrong: [
    [answer.replace('rows + columns', 'rows * columns'), /1 × 1/],
    [answer.replace('blocks * n', 'blocks'), /must be 524288/],
    [answer.replace('(n / rows) * (n / columns)', '(n / rows) ** 2'), /4 × 16/],
  ],
  async judge(module) {
    const f = functionOf<(n: number, rows: number, columns: number) => unknown>(module, 'loads')
    // for each k a block loads a number per row and per column
    for (const [n, rows, columns, want] of [
      [64, 1, 1, 524288],
      [64, 8, 8, 65536],
      [64, 64, 64, 8192],
      [64, 4, 16, 81920],
    ]) {
      const got = f(n, rows, columns)
      check(
        got === want,
        () => `For n = ${n} and blocks of ${rows} × ${columns} it is ${got}; it must be ${want}.`,
      )
    }
    return 'Right. Blocks of 8 × 8 load a quarter of a number per multiply-add, as the scene counts.'
  },
}
