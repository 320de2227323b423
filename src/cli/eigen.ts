/**
 * Eigenvalues and eigenvectors of a symmetric matrix, in float64: Householder's reflections make it
 * tridiagonal, then the QL method with implicit shifts makes it diagonal.
 *
 * Bowdler, Martin, Reinsch & Wilkinson 1968, "The QR and QL algorithms for symmetric matrices";
 * Golub & Van Loan, "Matrix Computations", chapter 8.
 */
import { check } from '../kernels/check.js'

/** Two or three are usual. */
const mostRounds = 60

export interface Eigen {
  /** From the largest down. */
  readonly values: Float64Array
  /** Of length 1 and at right angles; vectors[k] belongs to values[k]. */
  readonly vectors: readonly Float64Array[]
}

/** A v = λ v for a symmetric A [n, n], of which the lower triangle is read. */
export function symmetricEigen(A: readonly Float64Array[]): Eigen {
  const rows = A.map((row, i) => Float64Array.from(row, (x, j) => (j <= i ? x : A[j][i])))
  const { diagonal, beside } = tridiagonal(rows)
  diagonalise(diagonal, beside, rows)
  const order = [...diagonal.keys()].sort((a, b) => diagonal[b] - diagonal[a])
  return {
    values: Float64Array.from(order, k => diagonal[k]),
    vectors: order.map(k => rows[k]),
  }
}

/**
 * Q A Qᵀ = T: T has a diagonal and, at i, the element between i and i + 1. The rows of A become
 * those of Q.
 */
function tridiagonal(A: Float64Array[]): { diagonal: Float64Array; beside: Float64Array } {
  const n = A.length
  const Q = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_, j) => +(i === j)),
  )
  const beside = new Float64Array(n)
  for (let k = 0; k + 1 < n; k++) {
    // v reflects the column below the diagonal onto its first element: H = I − 2 v vᵀ
    const v = new Float64Array(n)
    for (let i = k + 1; i < n; i++) v[i] = A[i][k]
    const length = Math.hypot(...v.subarray(k + 1))
    beside[k] = v[k + 1] > 0 ? -length : length
    v[k + 1] -= beside[k]
    const norm = Math.hypot(...v.subarray(k + 1))
    if (norm === 0) continue
    for (let i = k + 1; i < n; i++) v[i] /= norm
    // H A H = A − v wᵀ − w vᵀ  with  w = 2 (A v − (vᵀ A v) v)
    const w = new Float64Array(n)
    for (let i = k + 1; i < n; i++) w[i] = dot(A[i], v, k + 1)
    const middle = dot(w, v, k + 1)
    for (let i = k + 1; i < n; i++) w[i] = 2 * (w[i] - middle * v[i])
    for (let i = k + 1; i < n; i++)
      for (let j = k + 1; j < n; j++) A[i][j] -= v[i] * w[j] + w[i] * v[j]
    // Q ← H Q
    const vQ = new Float64Array(n)
    for (let i = k + 1; i < n; i++) addTo(vQ, v[i], Q[i])
    for (let i = k + 1; i < n; i++) addTo(Q[i], -2 * v[i], vQ)
  }
  const diagonal = Float64Array.from(A, (row, i) => row[i])
  for (const [i, row] of A.entries()) row.set(Q[i])
  return { diagonal, beside }
}

/** Rotates T until nothing is left beside its diagonal; the rows of Q become the eigenvectors. */
function diagonalise(d: Float64Array, e: Float64Array, Q: Float64Array[]): void {
  const n = d.length
  const largest = d.reduce((most, x, i) => Math.max(most, Math.abs(x) + Math.abs(e[i])), 0)
  const negligible = Number.EPSILON * largest
  for (let l = 0; l < n; l++) {
    for (let round = 0; ; round++) {
      check(round < mostRounds, () => `eigen: no end after ${round} rounds for eigenvalue ${l}`)
      let m = l
      while (m + 1 < n && Math.abs(e[m]) > negligible) m++
      if (m === l) break
      // the eigenvalue of the upper 2 × 2 block that is nearer to d[l], as shift
      let g = (d[l + 1] - d[l]) / (2 * e[l])
      g = d[m] - d[l] + e[l] / (g + (g < 0 ? -1 : 1) * Math.hypot(g, 1))
      let [sine, cosine, p] = [1, 1, 0]
      let i = m - 1
      for (; i >= l; i--) {
        const [f, b] = [sine * e[i], cosine * e[i]]
        const r = Math.hypot(f, g)
        e[i + 1] = r
        if (r === 0) {
          d[i + 1] -= p
          e[m] = 0
          break
        }
        sine = f / r
        cosine = g / r
        g = d[i + 1] - p
        const t = (d[i] - g) * sine + 2 * cosine * b
        p = sine * t
        d[i + 1] = g + p
        g = cosine * t - b
        rotate(Q[i], Q[i + 1], cosine, sine)
      }
      if (i >= l) continue
      d[l] -= p
      e[l] = g
      e[m] = 0
    }
  }
}

function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let k = 0; k < a.length; k++) {
    const y = b[k]
    b[k] = sine * a[k] + cosine * y
    a[k] = cosine * a[k] - sine * y
  }
}

function dot(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0
  for (let i = from; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** y ← y + factor · x */
function addTo(y: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] += factor * x[i]
}
