/** The normal distribution N(0, 1). */
import { check } from '../kernels/check.js'

/** Φ(z) = ½ + φ(z) (z + z³/3 + z⁵/(3 · 5) + …): the part of the distribution below z. */
export function normalBelow(z: number): number {
  let [term, sum] = [z, 0]
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && k < 1000; k += 2) {
    sum += term
    term *= (z * z) / (k + 2)
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
}

/** The z with Φ(z) = p, to 14 digits. @throws Error unless p is between 0.00001 and 0.99999 */
export function normalQuantile(p: number): number {
  check(p >= 1e-5 && p <= 1 - 1e-5, () => `quantile: ${p} is not between 0.00001 and 0.99999`)
  let [low, high] = [-5, 5]
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2
    if (normalBelow(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** n numbers that cut the distribution into parts of one weight, each in the middle of its part. */
export function normalQuantiles(n: number): number[] {
  return Array.from({ length: n }, (_, i) => normalQuantile((i + 0.5) / n))
}
