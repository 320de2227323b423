import { check } from '../../src/kernels/check.js'
import { functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function slope(f, x) {
  const e = 1e-5
  return (f(x + e) - f(x - e)) / (2 * e)
}
`

export const slope: Program = {
  title: 'The slope of a function that you do not know',
  language: 'javascript',
  start: `export function slope(f, x) {
  // f′(x) of any smooth f, in float64, with an error below 10⁻⁹
  return 0
}
`,
  answer,
  wrong: [
    [answer.replace('f(x - e)', 'f(x)').replace('2 * e', 'e'), /error is/],
    [answer.replace('1e-5', '1e-12'), /error is .*rounding|error is/],
    [answer.replace('(2 * e)', 'e'), /error is/],
  ],
  async judge(module) {
    const f = functionOf<(f: (x: number) => number, x: number) => unknown>(module, 'slope')
    for (const [name, g, x, want] of [
      ['eˣ at 0', Math.exp, 0, 1],
      ['sin x at 1', Math.sin, 1, Math.cos(1)],
      ['x³ at 0.7', (x: number) => x ** 3, 0.7, 3 * 0.49],
    ] as const) {
      const got = Number(f(g, x))
      const error = Math.abs(got - want)
      check(
        error < 1e-9,
        () =>
          `For ${name} it is ${got}, and the derivative is ${want}. The error is ` +
          `${error.toExponential(1)}. Is the difference central, and the step near ∛u?`,
      )
    }
    return 'Right, with an error below 10⁻⁹ for three functions.'
  },
}
