/** The nearest of known points, and the class that most of them have. */
import { check } from '../kernels/check.js'

export interface Points {
  /** One after the other: [n · size]. */
  readonly data: Float32Array
  /** Numbers in a point. */
  readonly size: number
}

/**
 * For each query the positions of the k nearest known points, the nearest first; of equally near
 * ones the first. Distances are Euclidean. With `others` a query is never its own neighbour: the
 * two sets are then the same.
 * @throws Error when there are fewer than k
 */
export function nearest(
  queries: Points,
  known: Points,
  { k, others = false }: { k: number; others?: boolean },
): Int32Array {
  const { size } = known
  const [n, m] = [queries.data.length / size, known.data.length / size]
  check(
    queries.size === size && k >= 1 && k <= m - Number(others),
    () => `nearest: ${k} neighbours of points of ${queries.size} among ${m} points of ${size}`,
  )
  const found = new Int32Array(n * k)
  const distances = new Float64Array(k)
  for (let q = 0; q < n; q++) {
    const best = found.subarray(q * k, (q + 1) * k)
    distances.fill(Infinity)
    for (let p = 0; p < m; p++) {
      if (others && p === q) continue
      const distance = distanceUpTo(
        distances[k - 1],
        queries.data,
        q * size,
        known.data,
        p * size,
        size,
      )
      if (distance >= distances[k - 1]) continue
      let at = k - 1
      for (; at > 0 && distances[at - 1] > distance; at--) {
        distances[at] = distances[at - 1]
        best[at] = best[at - 1]
      }
      distances[at] = distance
      best[at] = p
    }
  }
  return found
}

/** Σ (a − b)², or any number from `most` up as soon as the sum has come to it. */
function distanceUpTo(
  most: number,
  a: Float32Array,
  atA: number,
  b: Float32Array,
  atB: number,
  size: number,
): number {
  let sum = 0
  for (let i = 0; i < size && sum < most; i++) sum += (a[atA + i] - b[atB + i]) ** 2
  return sum
}

/** The label that most of each k neighbours have; of equally many that of the nearest. */
export function vote(neighbours: Int32Array, k: number, labels: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: neighbours.length / k }, (_, q) => {
    const votes = new Uint32Array(256)
    const near = Array.from(neighbours.subarray(q * k, (q + 1) * k), p => labels[p])
    for (const label of near) votes[label]++
    return near.reduce((best, label) => (votes[label] > votes[best] ? label : best))
  })
}

/** The part of `labels` that is `guesses`, from 0 to 1. */
export function accuracy(guesses: Uint8Array, labels: Uint8Array): number {
  return guesses.reduce((right, guess, i) => right + Number(guess === labels[i]), 0) / labels.length
}
