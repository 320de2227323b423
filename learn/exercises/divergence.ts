import { check } from '../../src/kernels/check.js'
import { functionOf } from './close.js'
import type { Program } from './exercise.js'

const answer = `export function divergence(mu, sigma) {
  return (mu ** 2 + sigma ** 2 - Math.log(sigma ** 2) - 1) / 2
}
`

export const divergence: Program = {
  title: 'The price of a code',
  language: 'javascript',
  start: `export function divergence(mu, sigma) {
  // The Kullback–Leibler divergence of N(mu, sigma²) from N(0, 1): two numbers give one.
  return 0
}
`,
  answer,
  wrong: [
    [answer.replace(' / 2', ''), /must be 2. It is 4/],
    [answer.replace('- Math', '+ Math'), /divergence\(0, 0.5\)/],
    [answer.replace('Math.log(sigma ** 2)', 'Math.log(sigma)'), /divergence\(0, 0.5\)/],
  ],
  async judge(module) {
    const f = functionOf<(mu: number, sigma: number) => unknown>(module, 'divergence')
    for (const [mu, sigma, expected] of [
      [0, 1, 0],
      [2, 1, 2],
      [0, 0.5, 0.318147], // (0.25 + 2 ln 2 − 1) / 2
      [-1, 3, 3.401388], // (1 + 9 − 2 ln 3 − 1) / 2
    ] as const) {
      const got = f(mu, sigma)
      check(
        typeof got === 'number' && Math.abs(got - expected) < 1e-5,
        () => `divergence(${mu}, ${sigma}) must be ${expected}. It is ${got}.`,
      )
    }
    return 'Right: it is 0 for N(0, 1) alone, and grows with each step away from it.'
  },
}
