import { check } from '../../src/kernels/check.js'
import { stridesOf } from '../../src/tensor/shape.js'
import { functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function strides(shape) {
  const result = []
  let stride = 1
  for (let d = shape.length - 1; d >= 0; d--) {
    result[d] = stride
    stride *= shape[d]
  }
  return result
}
`

export const strides: Program = {
  title: 'Strides of a shape',
  language: 'javascript',
  start: `export function strides(shape) {
  // strides([2, 3]) is [3, 1]
}
`,
  answer,
  wrong: [
    [answer.replace('stride *= shape[d]', 'stride = shape[d]'), /\[12, 4, 1\]/],
    [answer.replace('result[d] = stride', 'result.push(stride)'), /strides\(\[2, 3\]\) must be/],
    [answer.replace('return result', 'return shape'), /It is \[2,3\]/],
  ],
  async judge(module) {
    const f = functionOf<(shape: readonly number[]) => unknown>(module, 'strides')
    for (const shape of [[2, 3], [5], [2, 3, 4], [4, 1, 3], []]) {
      const [got, expected] = [JSON.stringify(f(shape)), stridesOf(shape)]
      check(
        got === JSON.stringify(expected),
        () => `strides([${shape.join(', ')}]) must be [${expected.join(', ')}]. It is ${got}.`,
      )
    }
    return 'Right for five shapes: the same numbers as in the engine.'
  },
}
