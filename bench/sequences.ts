/** What networks of sequences spend their time in: attention, recurrent layers, einsum. */
import {
  einsum,
  grad,
  nn,
  rand,
  scaledDotProductAttention,
  type Tensor,
  tensor,
} from '../src/node.js'
import { distance, series } from './reference.js'
import type { Row } from './row.js'
import { attention, recurrent } from './sequences64.js'

export function sequences(): Row[] {
  return [...attentions(16, 128, 64), ...layers('lstm', 4), ...layers('gru', 3), product(512)]
}

/** A function of x, its parameters, and the same function in float64. */
interface Task {
  readonly x: Tensor
  readonly f: (x: Tensor) => Tensor
  readonly parameters: readonly Tensor[]
  readonly in64: (x: Float64Array) => Float64Array
}

/** Forward alone, and forward with the gradients of x and of the parameters. */
function both(name: string, flops: number, make: () => Promise<Task>): Row[] {
  return [
    { name: `${name}/forward`, flops, prepare: async () => forward(await make()) },
    { name: `${name}/backward`, flops: 3 * flops, prepare: async () => backward(await make()) },
  ]
}

async function forward({ x, f, in64 }: Task) {
  const [got, y] = [await f(x).data(), in64(Float64Array.from(await x.data()))]
  const size = y.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
  const off = y.reduce((most, v, i) => Math.max(most, Math.abs(got[i] - v)), 0)
  return { work: () => void f(x), error: off / size, bound: 1e-5 }
}

const weight = (i: number) => ((i * 7) % 11) / 11 - 0.4
const direction = (i: number) => ((i * 5) % 13) / 13 - 0.45

/** With L = Σ weight · y, ⟨dL/dx, v⟩ = (L(x + εv) − L(x − εv)) / 2ε in float64. */
async function backward({ x, f, parameters, in64 }: Task) {
  x.requiresGrad = true
  const { shape, size } = f(x)
  const dy = tensor(Float32Array.from(series(size, weight)), { shape })
  const work = () => grad(f(x), [x, ...parameters], { dy })
  const [X, dx] = [Float64Array.from(await x.data()), await work()[0].data()]
  const L = (by: number) =>
    in64(X.map((v, i) => v + by * direction(i))).reduce((sum, y, i) => sum + y * weight(i), 0)
  const got = (L(1e-4) - L(-1e-4)) / 2e-4
  const error = distance(1, () => ({ got, terms: series(X.length, i => dx[i] * direction(i)) }))
  return { work: () => void work(), error, bound: 1e-6 }
}

/** Of every head, queries, keys and values are the same tensor. */
function attentions(heads: number, length: number, d: number): Row[] {
  return both(`attention/${heads}x${length}x${d}`, 4 * heads * length * length * d, async () => ({
    x: rand([heads, length, d]).sub(0.5),
    f: x => scaledDotProductAttention(x, x, x),
    parameters: [],
    in64: x => attention(x, length, d),
  }))
}

/** 16 steps of a recurrent layer with as many inputs as units. */
function layers(kind: 'lstm' | 'gru', gates: number): Row[] {
  const [length, n, size] = [16, 32, 64]
  const flops = 2 * length * n * gates * size * (2 * size)
  return both(`${kind}/l${length}/b${n}/h${size}`, flops, async () => {
    const layer = new nn[kind === 'lstm' ? 'LSTM' : 'GRU'](size, size, { bias: false })
    const { weight_ih_l0: wIh, weight_hh_l0: wHh } = layer.stateDict()
    const weights = { inputs: await wIh.data(), hidden: await wHh.data() }
    return {
      x: rand([length, n, size]).sub(0.5),
      f: x => layer.forward(x)[0],
      parameters: layer.parameters(),
      in64: x => recurrent(kind, x, weights, { n, size }),
    }
  })
}

/** A matrix product by its equation, to compare with `matmul` of the same size. */
function product(n: number): Row {
  return {
    name: `einsum/${n}x${n}x${n}`,
    flops: 2 * n ** 3,
    async prepare() {
      const [a, b] = [rand([n, n]).sub(0.5), rand([n, n]).sub(0.5)]
      const work = () => einsum('ij,jk->ik', [a, b])
      const [A, B, C] = [await a.data(), await b.data(), await work().data()]
      const error = distance(n * n, i => ({
        got: C[i],
        terms: series(n, q => A[i - (i % n) + q] * B[q * n + (i % n)]),
      }))
      return { work: () => void work(), error, bound: 1e-6 }
    },
  }
}
