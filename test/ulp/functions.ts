/**
 * The library's elementary functions beside their values in float64, and how far they may err.
 *
 * An error is counted in units in the last place (ULP): multiples of the distance between the
 * true value and the next number of f32, 2⁻¹⁴⁹ among subnormal ones.
 */
import type { Tensor } from '../../src/index.js'

export interface Measured {
  readonly name: string
  /** The largest error allowed, in ULP. */
  readonly limit: number
  readonly f: (x: Tensor, p: Tensor) => Tensor
  readonly reference: (x: number, p: number) => number
  /** Where networks use it. */
  readonly usual: readonly [low: number, high: number]
  /** For a function of two numbers: the range of the second. */
  readonly second?: readonly [low: number, high: number]
}

const power = (p: number): Measured => ({
  name: `pow(x, ${p})`,
  limit: 2,
  f: x => x.pow(p),
  reference: x => x ** p,
  usual: [0, 100],
})

export const functions: readonly Measured[] = [
  { name: 'exp', limit: 2, f: x => x.exp(), reference: Math.exp, usual: [-20, 20] },
  { name: 'log', limit: 2, f: x => x.log(), reference: Math.log, usual: [0, 10] },
  { name: 'sqrt', limit: 1, f: x => x.sqrt(), reference: Math.sqrt, usual: [0, 10] },
  { name: 'tanh', limit: 2, f: x => x.tanh(), reference: Math.tanh, usual: [-10, 10] },
  { name: 'sigmoid', limit: 2, f: x => x.sigmoid(), reference: sigmoid, usual: [-20, 20] },
  {
    name: 'softplus',
    limit: 2.2,
    f: x => x.softplus({ threshold: 1e30 }),
    reference: softplus,
    usual: [-20, 20],
  },
  { name: 'silu', limit: 2, f: x => x.silu(), reference: x => x * sigmoid(x), usual: [-20, 20] },
  { name: 'gelu', limit: 4, f: x => x.gelu(), reference: x => x * normalCdf(x), usual: [-8, 8] },
  {
    name: 'gelu, tanh form',
    limit: 4,
    f: x => x.gelu({ approximate: 'tanh' }),
    reference: x => x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)),
    usual: [-8, 8],
  },
  { name: 'sin', limit: 2, f: x => x.sin(), reference: Math.sin, usual: [-100, 100] },
  { name: 'cos', limit: 2, f: x => x.cos(), reference: Math.cos, usual: [-100, 100] },
  ...[0.5, 2.5, 7, 17, -2].map(power),
  {
    name: 'pow(x, p)',
    limit: 2,
    f: (x, p) => x.pow(p),
    reference: (x, p) => x ** p,
    usual: [0, 10],
    second: [-20, 20],
  },
  {
    name: 'pow, x near 1',
    limit: 2,
    f: (x, p) => x.pow(p),
    reference: (x, p) => x ** p,
    usual: [0.9, 1.1],
    second: [-800, 800],
  },
  {
    name: 'x / p',
    limit: 1,
    f: (x, p) => x.div(p),
    reference: (x, p) => x / p,
    usual: [-10, 10],
    second: [-10, 10],
  },
]

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

/**
 * Φ(x): by its series near 0, by the continued fraction of Mills' ratio farther out.
 * Abramowitz & Stegun 1964, 26.2.11 and 26.2.14.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return x
  const a = Math.abs(x)
  const density = Math.exp(-0.5 * a * a) / Math.sqrt(2 * Math.PI)
  if (a < 2.5) {
    let term = x
    let sum = x
    for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
      term *= (x * x) / k
      sum += term
    }
    return 0.5 + density * sum
  }
  let fraction = a
  for (let k = 120; k > 0; k--) fraction = a + k / fraction
  return x < 0 ? density / fraction : 1 - density / fraction
}
