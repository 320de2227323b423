import { check } from '../../src/kernels/check.js'
import { functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function size(n, kernel, stride, padding) {
  return Math.floor((n + 2 * padding - kernel) / stride) + 1
}
`

export const size: Program = {
  title: 'The size of a convolution',
  language: 'javascript',
  start: `export function size(n, kernel, stride, padding) {
  // How many windows fit into n pixels with padding on both sides?
  return n
}
`,
  answer,
  wrong: [
    [answer.replace(' + 1', ''), /size\(28, 3, 3, 1\) must be 10. It is 9/],
    [answer.replace('2 * padding', 'padding'), /It is 9/],
    [answer.replace('floor', 'ceil'), /size\(10, 3, 2, 0\) must be 4. It is 5/],
  ],
  async judge(module) {
    const f = functionOf<(...sizes: number[]) => unknown>(module, 'size')
    for (const [sizes, expected] of [
      [[28, 3, 3, 1], 10],
      [[10, 3, 2, 0], 4],
      [[5, 3, 2, 1], 3],
      [[7, 7, 1, 0], 1],
    ] as const) {
      const got = f(...sizes)
      check(got === expected, () => `size(${sizes.join(', ')}) must be ${expected}. It is ${got}.`)
    }
    return 'Right: the first window, and one more for each stride that is left.'
  },
}
