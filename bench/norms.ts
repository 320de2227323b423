/** Norms, forward and with all of their gradients. */
import { batchNorm, grad, layerNorm, randn, type Tensor } from '../src/node.js'
import { farthest } from './reference.js'
import type { Row } from './row.js'

interface Norm {
  readonly name: string
  readonly shape: readonly number[]
  readonly weights: number
  f(x: Tensor, weight: Tensor, bias: Tensor): Tensor
  /** The set and the weight of element i. */
  place(i: number): { set: number; weight: number }
}

const layer = (rows: number, columns: number): Norm => ({
  name: `layer/${rows}x${columns}`,
  shape: [rows, columns],
  weights: columns,
  f: (x, weight, bias) => layerNorm(x, columns, { weight, bias }),
  place: i => ({ set: Math.floor(i / columns), weight: i % columns }),
})

const batch = (samples: number, channels: number, side: number): Norm => {
  const channel = (i: number) => Math.floor(i / side ** 2) % channels
  return {
    name: `batch/${samples}x${channels}x${side}x${side}`,
    shape: [samples, channels, side, side],
    weights: channels,
    f: (x, weight, bias) => batchNorm(x, { weight, bias, training: true }),
    place: i => ({ set: channel(i), weight: channel(i) }),
  }
}

const kinds = [
  layer(1024, 64),
  layer(2048, 512),
  batch(128, 16, 14),
  batch(128, 32, 7),
  batch(128, 256, 1),
]

export function norms(): Row[] {
  return kinds.flatMap(norm => [forward(norm), backward(norm)])
}

function forward(norm: Norm): Row {
  const size = norm.shape.reduce((a, b) => a * b)
  return {
    name: `norm/${norm.name}/forward`,
    bytes: 8 * size,
    async prepare() {
      const [x, w, b] = inputs(norm)
      const work = () => norm.f(x, w, b)
      const [{ normal }, W, B] = [await reference(norm, x), await w.data(), await b.data()]
      const error = farthest(await work().data(), i => {
        const { weight } = norm.place(i)
        return normal[i] * W[weight] + B[weight]
      })
      return { work: () => void work(), error, bound: 2e-5 }
    },
  }
}

function backward(norm: Norm): Row {
  const size = norm.shape.reduce((a, b) => a * b)
  return {
    name: `norm/${norm.name}/backward`,
    bytes: 20 * size, // x and y; then x, dy and dx
    async prepare() {
      const xs = inputs(norm)
      const dy = randn(norm.shape)
      const work = () => grad(norm.f(...xs), [...xs], { dy })
      const { normal, roots, counts } = await reference(norm, xs[0])
      const [DY, W] = [await dy.data(), await xs[1].data()]
      const [dx, dw, db] = await Promise.all(work().map(t => t.data()))
      const g = DY.map((v, i) => v * W[norm.place(i).weight])
      const sets = (f: (i: number) => number) => sums(roots.length, size, i => norm.place(i).set, f)
      const weights = (f: (i: number) => number) =>
        sums(norm.weights, size, i => norm.place(i).weight, f)
      const [all, along] = [sets(i => g[i]), sets(i => g[i] * normal[i])]
      const error = farthest(dx, i => {
        const { set } = norm.place(i)
        return (g[i] - (all[set] + normal[i] * along[set]) / counts[set]) / roots[set]
      })
      const [wantedW, wantedB] = [weights(i => DY[i] * normal[i]), weights(i => DY[i])]
      const others = [farthest(dw, i => wantedW[i]), farthest(db, i => wantedB[i])]
      const perWeight = Math.sqrt(size / norm.weights) // the size of such a sum
      return {
        work: () => void work(),
        error: Math.max(error, ...others.map(e => e / perWeight)),
        bound: 2e-5,
      }
    },
  }
}

function inputs({ shape, weights }: Norm): [x: Tensor, weight: Tensor, bias: Tensor] {
  const options = { requiresGrad: true }
  return [randn(shape, options), randn([weights], options), randn([weights], options)]
}

/** x̂ in float64, and √(v + ε) and n of each set. */
async function reference({ place }: Norm, x: Tensor) {
  const X = await x.data()
  const of = (i: number) => place(i).set
  const count = X.reduce((most, _, i) => Math.max(most, of(i)), 0) + 1
  const all = (f: (i: number) => number) => sums(count, X.length, of, f)
  const counts = all(() => 1)
  const means = all(i => X[i]).map((sum, s) => sum / counts[s])
  const squares = all(i => (X[i] - means[of(i)]) ** 2)
  const roots = squares.map((sum, s) => Math.sqrt(sum / counts[s] + 1e-5))
  const normal = Float64Array.from(X, (v, i) => (v - means[of(i)]) / roots[of(i)])
  return { normal, roots, counts }
}

function sums(count: number, size: number, of: (i: number) => number, f: (i: number) => number) {
  const all = new Float64Array(count)
  for (let i = 0; i < size; i++) all[of(i)] += f(i)
  return all
}
