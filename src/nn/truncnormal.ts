import { addcmul } from '../autograd/ops/addcmul.js'
import { add, mul } from '../autograd/ops/arithmetic.js'
import { less } from '../autograd/ops/compare.js'
import { clamp, log, sqrt } from '../autograd/ops/elementwise.js'
import { where } from '../autograd/ops/where.js'
import { noGrad } from '../autograd/tape.js'
import { check } from '../kernels/check.js'
import { checkFinite } from '../tensor/arguments.js'
import { full } from '../tensor/create.js'
import { uniform } from '../tensor/random.js'
import type { Tensor } from '../tensor/tensor.js'
import { fill } from './fill.js'

/**
 * Normal with the given mean and standard deviation, without the values below a or above b:
 *
 *   x = mean + std √2 erf⁻¹(u)      u uniform between erf((a − mean) / (std √2)) and that of b
 *
 * @throws Error unless a is below b, and std above 0
 */
export function truncNormal(t: Tensor, mean = 0, std = 1, a = -2, b = 2): Tensor {
  for (const [name, value] of Object.entries({ mean, std, a, b })) checkFinite('init', name, value)
  check(
    a < b && std > 0,
    () => `init.truncNormal: from ${a} to ${b} with std ${std}; a is below b, and std above 0`,
  )
  const width = std * Math.SQRT2
  const [from, to] = [a, b].map(limit => erf((limit - mean) / width))
  return fill(t, shape =>
    noGrad(() =>
      clamp(add(mul(inverseErf(uniform(shape, from, to)), width), mean), { min: a, max: b }),
    ),
  )
}

/**
 * erf⁻¹ x for f32, by two polynomials of w = −ln(1 − x²).
 * M. Giles 2012, "Approximating the erfinv function", GPU Computing Gems.
 */
function inverseErf(x: Tensor): Tensor {
  // at most 17, where x rounds to ±1
  const w = clamp(mul(log(addcmul(full([], 1), x, x, { value: -1 })), -1), { max: 17 })
  const polynomial = (s: Tensor, coefficients: readonly number[]) =>
    coefficients.slice(1).reduce((p, c) => add(mul(p, s), c), full(x.shape, coefficients[0]))
  const [centre, tail] = [polynomial(add(w, -2.5), central), polynomial(add(sqrt(w), -3), outer)]
  return mul(where(less(w, 5), centre, tail), x)
}

// biome-ignore format: highest power first
const central = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503,
  -0.00417768164, 0.246640727, 1.50140941,
]

// biome-ignore format: highest power first
const outer = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
  0.00943887047, 1.00167406, 2.83297682,
]

/** erf z by its series near 0 and the continued fraction of erfc beyond. */
function erf(z: number): number {
  const x = Math.abs(z)
  if (x > 2.5) {
    let f = 0
    for (let k = 60; k > 0; k--) f = k / 2 / (x + f)
    return Math.sign(z) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + f)))
  }
  let [term, sum] = [z, z]
  for (let k = 1; k < 80; k++) {
    term *= (-z * z) / k
    sum += term / (2 * k + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}
