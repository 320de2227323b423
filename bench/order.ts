/** Rows of a matrix in order: sorted, their largest elements, their running sums. */
import { rand } from '../src/node.js'
import { distance, farthest, series } from './reference.js'
import type { Row } from './row.js'

const [rows, columns] = [1024, 1024]
const n = rows * columns

export function order(): Row[] {
  return [sorted(), largest(8), running()]
}

/** Row i of x in descending order. */
const descending = (x: Float32Array, i: number) =>
  x.slice(i * columns, (i + 1) * columns).sort((a, b) => b - a)

function sorted(): Row {
  return {
    name: `sort/${rows}x${columns}`,
    bytes: 12 * n, // values and indices
    async prepare() {
      const x = rand([rows, columns])
      const work = () => x.sort(1, { descending: true })
      const [y, at] = work()
      const [X, Y, AT] = [await x.data(), await y.data(), await at.data()]
      const all = Array.from({ length: rows }, (_, i) => descending(X, i))
      const values = farthest(Y, i => all[Math.floor(i / columns)][i % columns])
      const indices = farthest(Y, i => X[Math.floor(i / columns) * columns + AT[i]])
      return { work: () => void work(), error: Math.max(values, indices), bound: 0 }
    },
  }
}

function largest(k: number): Row {
  return {
    name: `topk/${rows}x${columns}/k${k}`,
    bytes: 4 * n + 8 * rows * k,
    async prepare() {
      const x = rand([rows, columns])
      const work = () => x.topk(k, 1)
      const [X, Y] = [await x.data(), await work()[0].data()]
      const all = Array.from({ length: rows }, (_, i) => descending(X, i).subarray(0, k))
      const error = farthest(Y, i => all[Math.floor(i / k)][i % k])
      return { work: () => void work(), error, bound: 0 }
    },
  }
}

function running(): Row {
  return {
    name: `cumsum/${rows}x${columns}`,
    bytes: 8 * n,
    async prepare() {
      const x = rand([rows, columns])
      const work = () => x.cumsum(1)
      const [X, Y] = [await x.data(), await work().data()]
      const error = distance(n, i => ({
        got: Y[i],
        terms: series((i % columns) + 1, q => X[i - (i % columns) + q]),
      }))
      return { work: () => void work(), error, bound: 1e-6 }
    },
  }
}
