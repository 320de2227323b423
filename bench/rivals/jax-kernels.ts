/** Products in jax-js. A function consumes its arguments; `.ref` keeps one. */
import { blockUntilReady, defaultDevice, init, lax, numpy as np, vjp } from '@jax-js/jax'
import { offerWebGPU } from './gpu.js'
import type { Products, Work } from './kernels.js'

type Shape = readonly number[]
type Product = (x: np.Array, w: np.Array) => np.Array

/** Starts it. */
export async function open(): Promise<Products> {
  await offerWebGPU()
  await init('webgpu')
  defaultDevice('webgpu')
  return {
    matmul(m, k, n, form) {
      const a = form === 'tn' ? [k, m] : [m, k]
      const b = form === 'nt' ? [n, k] : [k, n]
      const turned = (x: np.Array, isTurned: boolean) => (isTurned ? x.transpose() : x)
      return run((a, b) => np.dot(turned(a, form === 'tn'), turned(b, form === 'nt')), [a, b])
    },
    linear(from, to, batch) {
      const shapes = [
        [batch, from],
        [from, to],
      ]
      return {
        forward: run((x, w, bias) => np.dot(x, w).add(bias), [...shapes, [to]]),
        backward: gradients((x, w) => np.dot(x, w), shapes, [0, 1]),
      }
    },
    convolution({ batch, c, o, side, to, k, stride, padding, transposed }) {
      const apply: Product = (x, w) => {
        if (!transposed) return lax.convGeneralDilated(x, w, [stride, stride], bothWays(padding))
        const lhsDilation = [stride, stride]
        return lax.convGeneralDilated(x, w, [1, 1], bothWays(k - 1 - padding), { lhsDilation })
      }
      const shapes = transposed
        ? [
            [batch, o, to, to],
            [c, o, k, k],
          ]
        : [
            [batch, c, side, side],
            [o, c, k, k],
          ]
      return {
        forward: run((x, w, bias) => apply(x, w).add(bias), [...shapes, [shapes[1][0], 1, 1]]),
        dx: gradients(apply, shapes, [0]),
        dw: gradients(apply, shapes, [1]),
      }
    },
  }
}

function run(f: (...inputs: np.Array[]) => np.Array, shapes: Shape[]): Work {
  return async begin => {
    const inputs = await filled(shapes)
    begin()
    await blockUntilReady(f(...inputs))
  }
}

/** The gradients of f by some of its inputs, without f itself. */
function gradients(f: Product, shapes: Shape[], by: (0 | 1)[]): Work {
  return async begin => {
    const inputs = await filled(shapes)
    const of = (...chosen: np.Array[]) => {
      const all = inputs.map(x => x.ref)
      by.forEach((input, i) => {
        all[input] = chosen[i]
      })
      return f(all[0], all[1])
    }
    const [y, back] = vjp(
      of,
      by.map(input => inputs[input].ref),
    )
    const [dy] = await filled([y.shape])
    await blockUntilReady(y)
    begin()
    await blockUntilReady(back(dy))
  }
}

/** Arrays in memory: `ones` would become constants of the kernels. */
function filled(shapes: Shape[]): Promise<np.Array[]> {
  const make = (shape: Shape) =>
    np.array(new Float32Array(shape.reduce((n, size) => n * size, 1))).reshape([...shape])
  return blockUntilReady(shapes.map(make))
}

const bothWays = (pad: number): [number, number][] => [
  [pad, pad],
  [pad, pad],
]
