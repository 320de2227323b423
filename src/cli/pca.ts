/** Principal component analysis, in float64: the directions in which points differ most. */
import { check } from '../kernels/check.js'
import { symmetricEigen } from './eigen.js'
import type { Points } from './neighbours.js'

export interface Components {
  /** The mean of the points. */
  readonly mean: Float64Array
  /** Directions of length 1, that of the largest variance first. */
  readonly axes: readonly Float64Array[]
  /** Variances along all directions, Σ … / (n − 1), from the largest down. */
  readonly variances: Float64Array
}

/** The largest size of points: the work grows with its third power. */
export const largestSize = 784

/**
 * The first k components: eigenvectors of the covariance
 * C[i, j] = (Σ x[i] x[j] − n x̄[i] x̄[j]) / (n − 1). Signs are such that the largest element of
 * each is positive.
 * @throws Error when there are fewer than two points, or they are too large
 */
export function principalComponents({ data, size }: Points, k: number): Components {
  const n = data.length / size
  check(
    n >= 2 && size <= largestSize && k <= size,
    () => `pca: ${k} components of ${n} points of ${size}; two points, of up to ${largestSize}`,
  )
  const mean = new Float64Array(size)
  for (let i = 0; i < data.length; i++) mean[i % size] += data[i]
  for (let i = 0; i < size; i++) mean[i] /= n
  const C = Array.from({ length: size }, () => new Float64Array(size))
  for (let p = 0; p < n; p++) {
    const x = data.subarray(p * size, (p + 1) * size)
    for (let i = 0; i < size; i++) {
      if (x[i] === 0) continue // four fifths of the pixels of digits
      const row = C[i]
      for (let j = 0; j <= i; j++) row[j] += x[i] * x[j]
    }
  }
  for (const [i, row] of C.entries())
    for (let j = 0; j <= i; j++) row[j] = (row[j] - n * mean[i] * mean[j]) / (n - 1)
  const { values, vectors } = symmetricEigen(C)
  const axes = vectors.slice(0, k)
  for (const axis of axes) {
    const largest = axis.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0)
    if (largest < 0) axis.set(axis.map(v => -v))
  }
  return { mean, axes, variances: values.map(v => Math.max(v, 0)) }
}

/** Coordinates (x − x̄) · axis of each point, for each axis. */
export function project({ data, size }: Points, { mean, axes }: Components): Points {
  const n = data.length / size
  const found = new Float32Array(n * axes.length)
  for (let p = 0; p < n; p++)
    for (const [a, axis] of axes.entries()) {
      let sum = 0
      for (let i = 0; i < size; i++) sum += (data[p * size + i] - mean[i]) * axis[i]
      found[p * axes.length + a] = sum
    }
  return { data: found, size: axes.length }
}
