/** One step of Adam over parameters of several sizes. */
import { nn, rand } from '../src/node.js'
import { assign } from '../src/tensor/contiguous.js'
import { farthest } from './reference.js'
import type { Row } from './row.js'

/** The parameter counts of two autoencoders, MLP and VAE, and a million. */
const sizes: Record<string, number> = { mlp: 219_891, vae: 437_540, million: 2 ** 20 }

export function adam(): Row[] {
  return Object.entries(sizes).map(([name, size]) => ({
    name: `adam/${name}`,
    bytes: 4 * 7 * size, // θ, m and v are read and written, g is read
    async prepare() {
      const p = rand([size], { requiresGrad: true })
      const before = await p.data()
      p.grad = rand([size]).sub(0.5)
      const g = await p.grad.data()
      const optimizer = new nn.Adam([p], { lr: 0.1 })
      optimizer.step()
      // after one step m̂ is g and √v̂ is |g|
      const error = farthest(
        await p.data(),
        i => before[i] - (0.1 * g[i]) / (Math.abs(g[i]) + 1e-8),
      )
      const grad = p.gradBuffer!.show() // where kernels write gradients from the first step on
      assign(grad, p.grad)
      p.grad = grad
      return { work: () => optimizer.step(), error, bound: 1e-5 }
    },
  }))
}
