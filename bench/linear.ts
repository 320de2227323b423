/** Fully connected layers: forward, with weights in half precision, and all gradients together. */
import { grad, linear, nn, rand, type Tensor } from '../src/node.js'
import { forwardBound, productBound } from './matmul.js'
import { distance, series } from './reference.js'
import type { Row } from './row.js'

// biome-ignore format: a table reads in columns
export const layers: [from: number, to: number, ...batches: number[]][] = [
  [784, 128, 32, 128, 1024], [128, 64, 128], [64, 12, 128], [12, 3, 128], // the MLP
  [3, 12, 128], [12, 64, 128], [64, 128, 128], [128, 784, 32, 128, 1024],
  [784, 256, 128], [256, 64, 128], [64, 20, 128], // the VAE
  [10, 64, 128], [64, 256, 128], [256, 784, 128],
]

export function linears(): Row[] {
  const ofModels = layers.flatMap(([from, to, ...batches]) =>
    batches.flatMap(batch => [forward(from, to, batch), backward(from, to, batch)]),
  )
  const halves = [1, 4, 128].flatMap(batch => [forward(1024, 1024, batch), half(1024, 1024, batch)])
  return [...ofModels, ...halves]
}

function forward(from: number, to: number, batch: number): Row {
  return {
    name: `linear/${from}-${to}/b${batch}/forward`,
    flops: 2 * batch * from * to,
    bytes: 4 * (batch * from + from * to + to + batch * to),
    async prepare() {
      const [x, W, b] = layer(from, to, batch)
      const error = await offForward(x, W, b, linear(x, W, b))
      return { work: () => void linear(x, W, b), error, bound: forwardBound() }
    },
  }
}

/** The same with weights in half precision. */
function half(from: number, to: number, batch: number): Row {
  return {
    name: `linear/${from}-${to}/b${batch}/half`,
    flops: 2 * batch * from * to,
    bytes: 4 * (batch * from + to + batch * to) + 2 * from * to,
    async prepare() {
      const module = new nn.HalfLinear(new nn.Linear(from, to))
      const x = rand([batch, from])
      const { weight, bias } = module.stateDict()
      const error = await offForward(x, weight, bias, module.forward(x))
      return { work: () => void module.forward(x), error, bound: productBound }
    },
  }
}

/** How far y is from x Wᵀ + b. */
async function offForward(x: Tensor, W: Tensor, b: Tensor, y: Tensor): Promise<number> {
  const [from, to] = [x.shape[1], W.shape[0]]
  const [X, M, B, Y] = await Promise.all([x.data(), W.data(), b.data(), y.data()])
  return distance(Y.length, at => {
    const [i, o] = [Math.floor(at / to), at % to]
    const inputs = series(from, k => X[i * from + k] * M[o * from + k])
    return { got: Y[at], terms: [...inputs, B[o]] }
  })
}

/** dx, dW and db together, as a training step needs them. */
function backward(from: number, to: number, batch: number): Row {
  return {
    name: `linear/${from}-${to}/b${batch}/backward`,
    flops: 4 * batch * from * to,
    bytes: 4 * (2 * batch * from + 2 * from * to + to + batch * to),
    async prepare() {
      const [x, W, b] = layer(from, to, batch, true)
      const dy = rand([batch, to]).sub(0.5)
      const y = linear(x, W, b)
      const work = () => grad(y, [x, W, b], { dy, retainGraph: true })
      const error = await offGradients({ x, w: W, dy }, work())
      return { work: () => void work(), error, bound: productBound }
    },
  }
}

/** How far dx, dW and db are from those of y = x Wᵀ + b. */
export async function offGradients(
  { x, w, dy }: Record<'x' | 'w' | 'dy', Tensor>,
  grads: readonly Tensor[],
): Promise<number> {
  const [[batch, from], [to]] = [x.shape, w.shape]
  const [X, W, G] = await Promise.all([x.data(), w.data(), dy.data()])
  const [dx, dW, db] = await Promise.all(grads.map(t => t.data()))
  const at = (i: number, width: number) => [Math.floor(i / width), i % width]
  return Math.max(
    distance(dx.length, n => {
      const [i, k] = at(n, from)
      return { got: dx[n], terms: series(to, o => G[i * to + o] * W[o * from + k]) }
    }),
    distance(dW.length, n => {
      const [o, k] = at(n, from)
      return { got: dW[n], terms: series(batch, i => G[i * to + o] * X[i * from + k]) }
    }),
    distance(to, o => ({ got: db[o], terms: series(batch, i => G[i * to + o]) })),
  )
}

export function layer(
  from: number,
  to: number,
  batch: number,
  requiresGrad = false,
): [x: Tensor, W: Tensor, b: Tensor] {
  const random = (shape: number[]) => rand(shape, { requiresGrad })
  return [random([batch, from]), random([to, from]), random([to])]
}
