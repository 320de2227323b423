import { check } from '../../src/kernels/check.js'
import { functionOf } from './close.js'
import type { Program } from './exercise.js'

interface Step {
  readonly result: string
  readonly inputs: readonly (readonly [name: string, arrow: (dy: number) => number])[]
}

const answer = `export function walk(tape) {
  const gradients = {}
  gradients[tape.at(-1).result] = 1
  for (const { result, inputs } of tape.toReversed()) {
    const dy = gradients[result]
    for (const [name, arrow] of inputs) {
      gradients[name] = (gradients[name] ?? 0) + arrow(dy)
    }
  }
  return gradients
}
`

/** The tape of  a = x x,  y = a + x,  w = y a:  the gradients of a and x are sums. */
function tapeAt(x: number): Step[] {
  const [square, y] = [x * x, x * x + x]
  const times = (by: number) => (dy: number) => dy * by
  return [
    {
      result: 'a',
      inputs: [
        ['x', times(x)],
        ['x', times(x)],
      ],
    }, // a = x x
    {
      result: 'y',
      inputs: [
        ['a', times(1)],
        ['x', times(1)],
      ],
    }, // y = a + x
    {
      result: 'w',
      inputs: [
        ['y', times(square)],
        ['a', times(y)],
      ],
    }, // w = y a
  ]
}

export const walk: Program = {
  title: 'The walk back',
  language: 'javascript',
  start: `export function walk(tape) {
  const gradients = {}
  gradients[tape.at(-1).result] = 1
  // Each record of the tape has
  //   result   its name
  //   inputs   a list of [name, arrow]
  // and arrow(dy) is the gradient for that input.
  return gradients
}
`,
  answer,
  wrong: [
    [answer.replace('.toReversed()', ''), /newest record first/],
    [answer.replace('(gradients[name] ?? 0) + arrow(dy)', 'arrow(dy)'), /must be added/],
    [answer.replace(' = 1\n', ' = 0\n'), /begins with 1/],
  ],
  async judge(module) {
    const f = functionOf<(tape: readonly Step[]) => unknown>(module, 'walk')
    const got = f(tapeAt(3)) as Readonly<Record<string, number>>
    check(got && typeof got === 'object', () => 'walk(tape) must return the object gradients.')
    check(got.w === 1, () => `The gradient of w, the result, is ${got.w}. The walk begins with 1.`)
    for (const name of ['y', 'a', 'x'])
      check(
        got[name] !== undefined,
        () => `gradients has no ${name}. Visit every record, and pass its gradient to its inputs.`,
      )
    check(
      Number.isFinite(got.a),
      () =>
        `The gradient of a is ${got.a}: an arrow was used before its dy had arrived. ` +
        'Visit the newest record first.',
    )
    // w = (x² + x) x²:   ∂w/∂y = a = 9   ∂w/∂a = a + y = 21   ∂w/∂x = 4x³ + 3x² = 135
    for (const [name, expected] of [
      ['y', 9],
      ['a', 21],
      ['x', 135],
    ] as const)
      check(
        got[name] === expected,
        () =>
          `The gradient of ${name} is ${got[name]}; it must be ${expected}. ` +
          'What reaches a tensor on several paths must be added.',
      )
    return 'Right: what reached x on every path was added up, and is 4x³ + 3x² = 135 at x = 3.'
  },
}
