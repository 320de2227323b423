import { type Tensor, tensor } from '../../src/index.js'
import { check } from '../../src/kernels/check.js'
import { functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `import { pad } from 'kernelgrad'

export function adjoint(y) {
  return pad(y, [1, 0]).sub(pad(y, [0, 1]))
}
`

export const adjoint: Program = {
  title: 'The adjoint of a difference',
  language: 'javascript',
  start: `import { pad } from 'kernelgrad'

export function adjoint(y) {
  // A x = [x₁ − x₀, x₂ − x₁, …]  makes n − 1 numbers of n.
  // From y [n − 1] to Aᵀ y [n]. pad(y, [1, 0]) puts one zero in front of y.
  return pad(y, [1, 0])
}
`,
  answer,
  wrong: [
    [answer.replace('.sub(', '.add('), /not equal/],
    [answer.replace('[1, 0]).sub(pad(y, [0, 1])', '[0, 1]).sub(pad(y, [1, 0])'), /not equal/],
    [answer.replace('pad(y, [1, 0]).sub(pad(y, [0, 1]))', 'y'), /shape/],
  ],
  async judge(module) {
    const f = functionOf<(y: Tensor) => Tensor>(module, 'adjoint')
    for (const [x, y] of [
      [
        [1, 4, 2, 7],
        [3, -1, 2],
      ],
      [[2, -5], [3]],
      [
        [0, 1, 0, 0, 2, -1],
        [1, 2, 3, 4, 5],
      ],
    ]) {
      const result = f(tensor(y))
      check(
        String(result?.shape) === String([x.length]),
        () => `Aᵀ y has the shape [${result?.shape}]; it must be that of x, [${x.length}].`,
      )
      const back = await result.data()
      const left = y.reduce((sum, yi, i) => sum + yi * (x[i + 1] - x[i]), 0)
      const right = x.reduce((sum, xi, i) => sum + xi * back[i], 0)
      check(
        left === right,
        () => `x = [${x}], y = [${y}]: ⟨A x, y⟩ = ${left} and ⟨x, Aᵀ y⟩ = ${right} are not equal.`,
      )
    }
    return 'Right: both sides are equal, to the last bit, for three pairs of x and y.'
  },
}
