/** Losses of the models and of classes: forward only, and with their gradients. */
import {
  binaryCrossEntropy,
  crossEntropy,
  grad,
  mseLoss,
  rand,
  type Tensor,
  tensor,
  vaeKld,
} from '../src/node.js'
import { distance, farthest, series } from './reference.js'
import type { Row } from './row.js'

interface Loss {
  name: string
  shape: [number, number]
  f(x: Tensor, target: Tensor): Tensor
  /** dl/dx[i], and the loss as the sum of one term for each i. */
  slope(x: number, target: number, size: number): number
  term(x: number, target: number, size: number): number
}

const ln = Math.log
const kinds: Loss[] = [
  {
    name: 'mse',
    shape: [128, 784],
    f: mseLoss,
    term: (x, t, n) => (x - t) ** 2 / n,
    slope: (x, t, n) => (2 * (x - t)) / n,
  },
  {
    name: 'binary-cross-entropy',
    shape: [128, 784],
    f: binaryCrossEntropy,
    term: (x, t, n) => -(t * ln(x) + (1 - t) * ln(1 - x)) / n,
    slope: (x, t, n) => (x - t) / (x * (1 - x)) / n,
  },
  {
    name: 'vae-kld', // the target serves as σ
    shape: [128, 10],
    f: vaeKld,
    term: (μ, σ) => (μ ** 2 + σ ** 2 - ln(1e-8 + σ ** 2) - 1) / (2 * 128 * 784),
    slope: μ => μ / (128 * 784),
  },
]

/** Every loss forward only, and with its gradient. */
export function losses(): Row[] {
  return [...kinds.flatMap(loss => [value(loss), withGradient(loss)]), classes()]
}

function value({ name, shape: [rows, columns], f, term }: Loss): Row {
  const size = rows * columns
  return {
    name: `loss/${name}/${rows}x${columns}/forward`,
    bytes: 8 * size,
    async prepare() {
      const [x, t] = [inside(rows, columns), inside(rows, columns)]
      const [X, T, [l]] = [await x.data(), await t.data(), await f(x, t).data()]
      const terms = series(size, i => term(X[i], T[i], size))
      return {
        work: () => void f(x, t),
        error: distance(1, () => ({ got: l, terms })),
        bound: 1e-5,
      }
    },
  }
}

function withGradient({ name, shape: [rows, columns], f, slope }: Loss): Row {
  const size = rows * columns
  return {
    name: `loss/${name}/${rows}x${columns}/backward`,
    bytes: 12 * size,
    async prepare() {
      const [x, t] = [inside(rows, columns), inside(rows, columns)]
      x.requiresGrad = true
      const work = () => grad(f(x, t), x)
      const [X, T, dx] = [await x.data(), await t.data(), await work().data()]
      const error = distance(size, i => ({ got: dx[i], terms: [slope(X[i], T[i], size)] }))
      return { work: () => void work(), error, bound: 1e-5 }
    },
  }
}

function classes(): Row {
  const [rows, columns] = [1024, 10]
  return {
    name: `loss/cross-entropy/${rows}x${columns}/backward`,
    bytes: 4 * rows * (2 * columns + 1),
    async prepare() {
      const x = rand([rows, columns])
      const right = (i: number) => (i * 7) % columns
      const t = tensor(Int32Array.from({ length: rows }, (_, i) => right(i)))
      x.requiresGrad = true
      const work = () => grad(crossEntropy(x, t), x)
      const [X, dx] = [await x.data(), await work().data()]
      const all = Array.from({ length: rows }, (_, i) =>
        X.subarray(i * columns, (i + 1) * columns).reduce((s, v) => s + Math.exp(v), 0),
      )
      const error = farthest(dx, at => {
        const i = Math.floor(at / columns)
        return (Math.exp(X[at]) / all[i] - (at % columns === right(i) ? 1 : 0)) / rows
      })
      return { work: () => void work(), error: error * rows, bound: 1e-5 }
    },
  }
}

/** Away from 0 and 1, where logarithms and their slopes are steep. */
function inside(rows: number, columns: number): Tensor {
  return rand([rows, columns]).mul(0.8).add(0.1)
}
