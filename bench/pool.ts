/** Max pooling as in the convolutional autoencoder, and average pooling; forward and backward. */
import { avgPool2d, grad, maxPool2d, rand, type Tensor } from '../src/node.js'
import { farthest } from './reference.js'
import type { Row } from './row.js'

// biome-ignore format: a table reads in columns
const layers = [
  { kind: 'max', c: 16, side: 10, k: 2, stride: 2 },
  { kind: 'max', c: 8,  side: 3,  k: 2, stride: 1 },
  { kind: 'avg', c: 16, side: 10, k: 2, stride: 2 },
] as const

const batch = 128

export function pools(): Row[] {
  return layers.flatMap(({ kind, c, side, k, stride }) => {
    const to = Math.floor((side - k) / stride) + 1
    const planes = batch * c
    const pool = (x: Tensor) =>
      kind === 'max' ? maxPool2d(x, k, { stride }) : avgPool2d(x, k, { stride })
    return (['forward', 'backward'] as const).map(form => ({
      name: `pool/${kind}/${c}x${side}x${side}-${c}x${to}x${to}/b${batch}/${form}`,
      bytes: 4 * planes * (side ** 2 + to ** 2),
      async prepare() {
        const x = rand([batch, c, side, side], { requiresGrad: form === 'backward' })
        const dy = rand([batch, c, to, to])
        const y = pool(x)
        const [X, Y, G] = await Promise.all([x.data(), y.data(), dy.data()])
        const want = { y: new Float64Array(Y.length), dx: new Float64Array(X.length) }
        for (let at = 0; at < Y.length; at++) {
          const [plane, oy, ox] = [Math.floor(at / to ** 2), Math.floor(at / to) % to, at % to]
          const corner = (plane * side + oy * stride) * side + ox * stride
          const window = Array.from(
            { length: k * k },
            (_, i) => corner + Math.floor(i / k) * side + (i % k),
          )
          if (kind === 'avg') {
            want.y[at] = window.reduce((sum, i) => sum + X[i], 0) / k ** 2
            for (const i of window) want.dx[i] += G[at] / k ** 2
          } else {
            const best = window.reduce((a, b) => (X[b] > X[a] ? b : a))
            want.y[at] = X[best]
            want.dx[best] += G[at]
          }
        }
        const backward = () => grad(y, x, { dy, retainGraph: true })
        const error =
          form === 'forward'
            ? farthest(Y, i => want.y[i])
            : farthest(await backward().data(), i => want.dx[i])
        return { work: () => void (form === 'forward' ? pool(x) : backward()), error, bound: 1e-6 }
      },
    }))
  })
}
