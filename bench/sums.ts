/** Sums over everything and along each dimension, and softmax. */
import { rand } from '../src/node.js'
import { distance, farthest, series } from './reference.js'
import type { Row } from './row.js'

const side = 1024
const n = side * side

export function sums(): Row[] {
  return [
    total('sum', undefined, [1, n, 0, 1]),
    total('sum', 0, [side, side, 1, side]),
    total('sum', 1, [side, side, side, 1]),
    softmax(1024, 10),
    softmax(1024, 1024),
  ]
}

/** A sum over all elements or along a dim:  y[i] = Σ_q x[start · i + step · q],  q < terms. */
function total(
  name: string,
  dim: number | undefined,
  [results, terms, start, step]: [number, number, number, number],
): Row {
  return {
    name: `${name}/${side}x${side}${dim === undefined ? '' : `/dim${dim}`}`,
    bytes: 4 * (n + results),
    async prepare() {
      const x = rand([side, side])
      const work = () => (dim === undefined ? x.sum() : x.sum(dim))
      const [X, Y] = [await x.data(), await work().data()]
      const error = distance(results, i => ({
        got: Y[i],
        terms: series(terms, q => X[i * start + q * step]),
      }))
      return { work: () => void work(), error, bound: 1e-6 }
    },
  }
}

function softmax(rows: number, columns: number): Row {
  return {
    name: `softmax/${rows}x${columns}`,
    bytes: 8 * rows * columns,
    async prepare() {
      const x = rand([rows, columns])
      const work = () => x.softmax(1)
      const [X, Y] = [await x.data(), await work().data()]
      const all = Array.from({ length: rows }, (_, i) =>
        X.subarray(i * columns, (i + 1) * columns).reduce((s, v) => s + Math.exp(v), 0),
      )
      const error = farthest(Y, i => Math.exp(X[i]) / all[Math.floor(i / columns)])
      return { work: () => void work(), error, bound: 2e-6 }
    },
  }
}
