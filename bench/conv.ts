/** The convolutions of the convolutional autoencoder, each in its three forms, at batch 128. */
import { conv2d, grad, rand, type Tensor } from '../src/node.js'
import type { Row } from './measure.js'

const batch = 128

/** As conv2d sees them: the transposed ones are its gradient with respect to x. */
// biome-ignore format: a table reads in columns
const layers = [
  { c: 1,  o: 16, side: 28, to: 10, k: 3, stride: 3, padding: 1 },
  { c: 16, o: 8,  side: 5,  to: 3,  k: 3, stride: 2, padding: 1 },
  { c: 16, o: 8,  side: 5,  to: 2,  k: 3, stride: 2, padding: 0 },
  { c: 8,  o: 16, side: 15, to: 5,  k: 5, stride: 3, padding: 1 },
  { c: 1,  o: 8,  side: 28, to: 15, k: 2, stride: 2, padding: 1 },
]

export function convolutions(): Row[] {
  return layers.flatMap(({ c, o, side, to, k, stride, padding }) => {
    const name = `${c}x${side}x${side} to ${o}x${to}x${to}`
    const flops = 2 * batch * o * to * to * c * k * k // those on padding included
    return (['forward', 'input', 'weight'] as const).map(form => ({
      name: `conv/${form}/${name}`,
      amount: flops / 1e9,
      unit: 'GFLOP/s' as const,
      async prepare() {
        const x = rand([batch, c, side, side], { requiresGrad: form === 'input' })
        const w = rand([o, c, k, k], { requiresGrad: form === 'weight' })
        const dy = rand([batch, o, to, to])
        const y = conv2d(x, w, null, { stride, padding })
        const work = {
          forward: () => conv2d(x, w, null, { stride, padding }),
          input: () => grad(y, x, { dy, retainGraph: true }),
          weight: () => grad(y, w, { dy, retainGraph: true }),
        }[form]
        return { work, error: await adjoint(x, w, y, dy, work(), form), bound: 1e-4 }
      },
    }))
  })
}

/** How far ⟨dy, y⟩ is from the same sum taken through the result: y is linear in x and in w. */
async function adjoint(
  x: Tensor,
  w: Tensor,
  y: Tensor,
  dy: Tensor,
  result: Tensor,
  form: 'forward' | 'input' | 'weight',
): Promise<number> {
  const want = await dot(dy, y)
  const [a, b] = { forward: [dy, result], input: [x, result], weight: [w, result] }[form]
  return Math.abs((await dot(a, b)) - want) / Math.abs(want)
}

async function dot(a: Tensor, b: Tensor): Promise<number> {
  const [xs, ys] = [await a.data(), await b.data()]
  return xs.reduce((total, value, i) => total + value * ys[i], 0)
}
