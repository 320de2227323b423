/** How far results of f32 lie from true values, in units in the last place. */
import { scope, tensor } from '../../src/index.js'
import type { Measured } from './functions.js'

export interface Worst {
  error: number
  sum: number
  count: number
  at: readonly number[]
  found: number
  wanted: number
}

export function nothingYet(): Worst {
  return { error: 0, sum: 0, count: 0, at: [], found: 0, wanted: 0 }
}

export const chunk = 1 << 20

/** The errors at `count` random inputs. */
export async function sampled(each: Measured, count = chunk, seed = 1): Promise<Worst> {
  const random = numbersFrom(seed)
  const worst = nothingYet()
  for (let done = 0; done < count; done += chunk)
    await measure(each, ...sample(each, Math.min(chunk, count - done), random), worst)
  return worst
}

export const heads = `${'function'.padEnd(18)}${'inputs'.padStart(12)}${'worst'.padStart(9)}${'mean'.padStart(8)}  at`

/** A row under these heads. */
export function row({ name, limit }: Measured, { count, error, sum, at }: Worst): string {
  const verdict = error <= limit ? '' : `  ABOVE ${limit}`
  return (
    name.padEnd(18) +
    String(count).padStart(12) +
    error.toFixed(3).padStart(9) +
    (sum / count).toFixed(3).padStart(8) +
    `  ${at.join(', ')}${verdict}`
  )
}

/** Adds the errors of f at these inputs to `worst`. */
export async function measure(
  { f, reference, second }: Measured,
  x: Float32Array,
  p: Float32Array,
  worst: Worst,
): Promise<void> {
  const result = scope(() => f(tensor(x), tensor(p)))
  const y = (await result.data()) as Float32Array
  result.dispose()
  for (let i = 0; i < x.length; i++) {
    const wanted = reference(x[i], p[i])
    const error = ulps(y[i], wanted)
    worst.count++
    if (error < 1e6) worst.sum += error
    if (error > worst.error)
      Object.assign(worst, { error, at: second ? [x[i], p[i]] : [x[i]], found: y[i], wanted })
  }
}

/** The distance in ULP; 0 where both are NaN or round to the same infinity, ∞ where only one does. */
export function ulps(found: number, wanted: number): number {
  const rounded = Math.fround(wanted)
  if (Object.is(found, rounded)) return Math.abs(rounded) === Infinity ? 0 : distance(found, wanted)
  if (Number.isNaN(found) || Number.isNaN(wanted)) return Infinity
  if (rounded === 0 && found === 0) return 0 // the sign of 0 is judged elsewhere
  // past the largest number, infinity is one step on
  const limit = 2 ** 128
  const [a, b] = [found, wanted].map(v => Math.max(-limit, Math.min(limit, v)))
  return distance(a, b)
}

function distance(a: number, b: number): number {
  if (Number.isNaN(a)) return 0
  const exponent = Math.max(-126, Math.min(127, Math.floor(Math.log2(Math.abs(b) || 1e-45))))
  const true_ = 2 ** exponent > Math.abs(b) && exponent > -126 ? exponent - 1 : exponent
  return Math.abs(a - b) / 2 ** (true_ - 23)
}

/** Numbers from 0 to 1, the same ones in every engine: a linear congruential generator. */
export function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Inputs: half evenly over the bit patterns, half evenly over the usual range. */
export function sample(
  { usual, second }: Measured,
  count: number,
  random: () => number,
): [Float32Array, Float32Array] {
  const x = new Float32Array(count)
  const bits = new Uint32Array(x.buffer)
  const p = new Float32Array(count)
  const [low, high] = usual
  for (let i = 0; i < count; i++) {
    if (i % 2 === 0) bits[i] = Math.floor(random() * 2 ** 32)
    else x[i] = low + (high - low) * random()
    if (second) p[i] = second[0] + (second[1] - second[0]) * random()
  }
  return [x, p]
}
