import { check } from '../../src/kernels/check.js'
import { functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function spread(y, w, stride) {
  const x = new Array((y.length - 1) * stride + w.length).fill(0)
  for (let o = 0; o < y.length; o++) {
    for (let k = 0; k < w.length; k++) {
      x[stride * o + k] += y[o] * w[k]
    }
  }
  return x
}
`

export const spread: Program = {
  title: 'The transposed convolution',
  language: 'javascript',
  start: `export function spread(y, w, stride) {
  // y and w are arrays of numbers. They meet at  i = stride · o + k.
  const x = new Array((y.length - 1) * stride + w.length).fill(0)
  return x
}
`,
  answer,
  wrong: [
    [answer.replace('+= y', '= y'), /It is \[1, 2, 0, 0, 10, 20, -10\]/],
    [answer.replace('stride * o + k', 'o + k'), /must be \[1, 2, -1, 0, 10, 20, -10\]/],
    [answer.replace('w[k]', 'w[w.length - 1 - k]'), /It is \[-1, 2, 1, 0, -10, 20, 10\]/],
  ],
  async judge(module) {
    const f = functionOf<(y: number[], w: number[], stride: number) => unknown>(module, 'spread')
    for (const [y, stride, x] of [
      [[1, 0, 10], 2, [1, 2, -1, 0, 10, 20, -10]],
      [[1, 1, 1], 1, [1, 3, 2, 1, -1]],
    ] as const) {
      const got = f([...y], [1, 2, -1], stride)
      check(
        String(got) === String(x),
        () =>
          `spread([${y.join(', ')}], [1, 2, -1], ${stride}) must be [${x.join(', ')}]. ` +
          `It is [${Array.isArray(got) ? got.join(', ') : got}].`,
      )
    }
    return 'Right: the same pairs as in the convolution, read from y to x, and added where they meet.'
  },
}
