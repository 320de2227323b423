/** Three axes through codes of any length, which turn little while the codes move. */
import { type Components, principalComponents, project } from '../../../src/cli/pca.js'

export type { Components }

/** The axes of a plane or space of codes: a place p stands for the code  mean + Σ p[a] axes[a]. */
export function axesOf(codes: Float32Array, size: number, before: Components | null): Components {
  if (size === 2) return identity
  const found = principalComponents({ data: codes, size }, 3)
  return before ? { ...found, axes: alongside(found.axes, before.axes) } : found
}

/** Codes of two numbers are places already. */
const identity: Components = {
  mean: new Float64Array(2),
  axes: [Float64Array.of(1, 0), Float64Array.of(0, 1)],
  variances: new Float64Array(2),
}

export const placesOf = (codes: Float32Array, size: number, axes: Components) =>
  project({ data: codes, size }, axes).data

/**
 * Axes of the same space, but as near as possible to those before: each of those is projected onto
 * the space, and made perpendicular to its predecessors. Principal components alone may change sign
 * and order from one step to the next.
 */
function alongside(
  space: readonly Float64Array[],
  before: readonly Float64Array[],
): readonly Float64Array[] {
  const chosen: Float64Array[] = []
  for (const [a, old] of before.entries()) {
    const axis = new Float64Array(old.length)
    for (const direction of space) addTimes(axis, dot(old, direction), direction)
    for (const other of chosen) addTimes(axis, -dot(axis, other), other)
    const length = Math.sqrt(dot(axis, axis))
    if (length < 1e-6) return space // the old axis is perpendicular to the whole new space
    chosen[a] = axis.map(x => x / length)
  }
  return chosen
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0)
}

function addTimes(to: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * x[i]
}

/** A round number not below `most`, so that a plane does not change its scale at every step. */
export function roundExtent(most: number): number {
  if (!(most > 0)) return 1
  const ten = 10 ** Math.floor(Math.log10(most))
  return [1, 1.5, 2, 3, 4, 6, 8, 10].map(f => f * ten).find(extent => extent >= most)!
}
