/** Finite differences in float32, by the engine, and in float64, by JavaScript. */

import { add, div, mul, sub } from '../../../src/autograd/ops/arithmetic.js'
import { exp, full, sin, type Tensor, tanh, tensor } from '../../../src/index.js'

/** A function with its derivatives at one place, in float64. */
export interface Curve {
  readonly name: string
  readonly x: number
  f32(x: Tensor): Tensor
  f(x: number): number
  /** f′, f″ and f‴ at x. */
  readonly slopes: readonly [number, number, number]
}

const t = Math.tanh(0.5)
const u = 1 - t * t

export const curves: readonly Curve[] = [
  {
    name: 'eˣ at x = 1',
    x: 1,
    f32: exp,
    f: Math.exp,
    slopes: [Math.E, Math.E, Math.E],
  },
  {
    name: 'sin x at x = 1',
    x: 1,
    f32: sin,
    f: Math.sin,
    slopes: [Math.cos(1), -Math.sin(1), -Math.cos(1)],
  },
  {
    name: 'tanh x at x = ½',
    x: 0.5,
    f32: tanh,
    f: Math.tanh,
    slopes: [u, -2 * t * u, u * (6 * t * t - 2)],
  },
]

export type Side = 'central' | 'forward'

/** Both evaluations, and the difference divided by the step. */
export interface Difference {
  readonly up: number
  readonly down: number
  readonly slope: number
  /** |slope − f′| / |f′| */
  readonly error: number
}

/** Steps from 10⁻¹² to 1. */
export const perDecade = 12
export const steps = Array.from(
  { length: 12 * perDecade + 1 },
  (_, i) => 10 ** (i / perDecade - 12),
)

/** In float64, one step after the other. */
export function inFloat64({ f, x, slopes }: Curve, side: Side): Difference[] {
  return steps.map(e => {
    const [up, down] = [f(x + e), f(side === 'central' ? x - e : x)]
    return difference(up, down, (up - down) / (side === 'central' ? 2 * e : e), slopes[0])
  })
}

/** In float32, all steps at once: x ± ε, f, the difference and the quotient are the engine's. */
export async function inFloat32({ f32, x, slopes }: Curve, side: Side): Promise<Difference[]> {
  const e = tensor(steps)
  const at = full([steps.length], x)
  const up = f32(add(at, e))
  const down = f32(side === 'central' ? sub(at, e) : at)
  const quotient = div(sub(up, down), side === 'central' ? mul(e, 2) : e)
  const [ups, downs, found] = [await up.data(), await down.data(), await quotient.data()]
  return steps.map((_, i) => difference(ups[i], downs[i], found[i], slopes[0]))
}

function difference(up: number, down: number, slope: number, want: number): Difference {
  return { up, down, slope, error: Math.abs(slope - want) / Math.abs(want) }
}

/** Half a unit in the last place of 1. */
export const roundings = { float32: 2 ** -24, float64: 2 ** -53 } as const

/**
 * What theory says of the relative error: of the terms of Taylor's series that are left out, and of
 * rounding x ± ε and f, each by at most u.
 *
 *     central    ε² |f‴| / 6 |f′|     forward    ε |f″| / 2 |f′|
 *     rounding   u (|f| + |x f′|) / ε |f′|, and twice that for forward
 */
export function theory({ f, x, slopes: [d1, d2, d3] }: Curve, side: Side, u: number) {
  const noise = (Math.abs(f(x)) + Math.abs(x * d1)) / Math.abs(d1)
  const [truncation, rounding] =
    side === 'central'
      ? [(e: number) => (e * e * Math.abs(d3 / d1)) / 6, (e: number) => (u * noise) / e]
      : [(e: number) => (e * Math.abs(d2 / d1)) / 2, (e: number) => (2 * u * noise) / e]
  return { truncation, rounding }
}
