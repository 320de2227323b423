import { check } from '../../src/kernels/check.js'
import { functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function intensity(m, n, k) {
  const operations = 2 * m * n * k
  const bytes = 4 * (m * k + k * n + m * n)
  return operations / bytes
}
`

export const intensity: Program = {
  title: 'Operations per byte',
  language: 'javascript',
  start: `export function intensity(m, n, k) {
  // C = A B with A [m, k], B [k, n], C [m, n] of float32, each read or written once.
  return 0
}
`,
  answer,
  wrong: [
    [answer.replace('2 * m', 'm'), /must be 0.25. It is 0.125/],
    [answer.replace('4 * (', '('), /must be 0.25. It is 1/],
    [answer.replace(' + m * n)', ')'), /It is 0.5/],
  ],
  async judge(module) {
    const f = functionOf<(m: number, n: number, k: number) => unknown>(module, 'intensity')
    for (const [[m, n, k], expected] of [
      [[2, 2, 1], 0.25], // 8 operations, 4 · (2 + 2 + 4) bytes
      [[3, 3, 3], 0.5],
      [[600, 600, 600], 100],
    ] as const) {
      const got = f(m, n, k)
      check(
        typeof got === 'number' && Math.abs(got - expected) < 1e-9 * expected,
        () => `intensity(${m}, ${n}, ${k}) must be ${expected}. It is ${got}.`,
      )
    }
    return 'Right: it grows with the size. Large products wait for arithmetic, small ones for memory.'
  },
}
