/** Convolutions and transposed ones: forward, each gradient, and all gradients together. */
import { conv2d, convTranspose2d, grad, rand, type Tensor } from '../src/node.js'
import { type Arrays, type Sizes, taps, termsOf } from './convterms.js'
import { productBound } from './matmul.js'
import { distance } from './reference.js'
import type { Row } from './row.js'

/** Sizes as conv2d has them; a transposed convolution is the adjoint, from y to x. */
export type ConvLayer = Sizes & { readonly transposed?: true }

/** The ladder compares kernels on the first. */
// biome-ignore format: a table reads in columns
export const layers: ConvLayer[] = [
  { batch: 32,  c: 16, o: 16, side: 14, to: 14, k: 3, stride: 1, padding: 1 },
  { batch: 128, c: 1,  o: 16, side: 28, to: 10, k: 3, stride: 3, padding: 1 },
  { batch: 128, c: 16, o: 8,  side: 5,  to: 3,  k: 3, stride: 2, padding: 1 },
  { batch: 128, c: 16, o: 8,  side: 5,  to: 2,  k: 3, stride: 2, padding: 0, transposed: true },
  { batch: 128, c: 8,  o: 16, side: 15, to: 5,  k: 5, stride: 3, padding: 1, transposed: true },
  { batch: 128, c: 1,  o: 8,  side: 28, to: 15, k: 2, stride: 2, padding: 1, transposed: true },
]

type Form = 'forward' | 'dx' | 'dw' | 'backward'

export function convolutions(): Row[] {
  return layers.flatMap(sizes => {
    const { batch, c, o, side, to, k, stride, padding, transposed = false } = sizes
    const name = layerName(sizes)
    const flops = 2 * batch * c * o * taps(sizes) ** 2
    const bytes = 4 * (batch * c * side ** 2 + batch * o * to ** 2 + c * o * k ** 2)
    return (['forward', 'dx', 'dw', 'backward'] as const).map(form => ({
      name: `${name}/${form}`,
      flops: form === 'backward' ? 2 * flops : flops,
      bytes: form === 'backward' ? 2 * bytes : bytes,
      async prepare() {
        const X = rand([batch, c, side, side]).sub(0.5)
        const Y = rand([batch, o, to, to]).sub(0.5)
        const [x, dy] = transposed ? [Y, X] : [X, Y]
        const w = rand([o, c, k, k]).sub(0.5)
        const b = rand([transposed ? c : o])
        const wanted = { forward: [], dx: [x], dw: [w], backward: [x, w, b] }[form]
        for (const t of wanted) t.requiresGrad = true
        const layer = transposed ? convTranspose2d : conv2d
        const apply = () => layer(x, w, b, { stride, padding })
        const y = apply()
        const work =
          form === 'forward' ? () => [apply()] : () => grad(y, wanted, { dy, retainGraph: true })
        const results = work()
        const error = await off(form, sizes, transposed, { x, w, b, dy }, results)
        return { work: () => void work(), error, bound: productBound }
      },
    }))
  })
}

export function layerName({ batch, c, o, side, to, k, transposed }: ConvLayer): string {
  const [large, small] = [`${c}x${side}x${side}`, `${o}x${to}x${to}`]
  const name = transposed ? `convTranspose/${small}-${large}` : `conv/${large}-${small}`
  return `${name}/k${k}/b${batch}`
}

/** How far the results are from float64: y, dx, dw, or all three gradients. */
async function off(
  form: Form,
  sizes: Sizes,
  transposed: boolean,
  { x, w, b, dy }: Record<'x' | 'w' | 'b' | 'dy', Tensor>,
  results: readonly Tensor[],
): Promise<number> {
  const [from, to] = [await x.data(), await dy.data()]
  const arrays: Arrays = {
    x: transposed ? to : from,
    y: transposed ? from : to,
    w: await w.data(),
  }
  const [image, result] = transposed ? (['y', 'x'] as const) : (['x', 'y'] as const)
  const plane = transposed ? sizes.side ** 2 : sizes.to ** 2
  const bias = await b.data()
  const worst = async (t: Tensor, what: keyof Arrays) => {
    const got = await t.data()
    return distance(got.length, at => {
      const terms = [...termsOf(what, at, arrays, sizes)]
      if (form === 'forward') terms.push(bias[Math.floor(at / plane) % bias.length])
      return { got: got[at], terms }
    })
  }
  if (form === 'forward') return worst(results[0], result)
  if (form === 'dx') return worst(results[0], image)
  if (form === 'dw') return worst(results[0], 'w')
  const db = await results[2].data()
  const sums = distance(db.length, channel => ({
    got: db[channel],
    terms: to.filter((_, at) => Math.floor(at / plane) % db.length === channel),
  }))
  return Math.max(await worst(results[0], image), await worst(results[1], 'w'), sums)
}
