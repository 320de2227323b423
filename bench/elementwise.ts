/** Kernels that wait for memory: rates are bytes read and written, the least that the work needs. */
import { rand, type Tensor } from '../src/node.js'
import type { Row } from './measure.js'

const n = 2 ** 20

type Kernel = readonly [
  name: string,
  floats: number,
  f: (a: Tensor, b: Tensor) => Tensor,
  in64: (a: number, b: number) => number,
]

const kernels: Kernel[] = [
  ['add', 3, (a, b) => a.add(b), (a, b) => a + b],
  ['add-scalar', 2, a => a.add(2), a => a + 2],
  ['relu', 2, a => a.relu(), a => Math.max(a, 0)],
  ['tanh', 2, a => a.tanh(), Math.tanh],
]

export function elementwise(): Row[] {
  const pointwise = kernels.map(
    ([name, floats, f, in64]): Row => ({
      name: `${name}/${n}`,
      amount: (4 * floats * n) / 1e9,
      unit: 'GB/s',
      async prepare() {
        const [a, b] = [rand([n]).sub(0.5), rand([n])]
        const [A, B, Y] = [await a.data(), await b.data(), await f(a, b).data()]
        const error = Y.reduce((worst, y, i) => Math.max(worst, Math.abs(y - in64(A[i], B[i]))), 0)
        return { work: () => void f(a, b), error, bound: 1e-6 }
      },
    }),
  )
  return [...pointwise, transposed(), total()]
}

/** An operand read across the grain: what strides cost. */
function transposed(): Row {
  return {
    name: 'add-transposed/1024x1024',
    amount: (12 * n) / 1e9,
    unit: 'GB/s',
    async prepare() {
      const [a, b] = [rand([1024, 1024]), rand([1024, 1024])]
      const [A, B, Y] = [await a.data(), await b.data(), await a.add(b.transpose()).data()]
      let error = 0
      for (let i = 0; i < n; i++)
        error = Math.max(error, Math.abs(Y[i] - A[i] - B[(i % 1024) * 1024 + Math.floor(i / 1024)]))
      return { work: () => void a.add(b.transpose()), error, bound: 1e-6 }
    },
  }
}

function total(): Row {
  return {
    name: `sum/${n}`,
    amount: (4 * n) / 1e9,
    unit: 'GB/s',
    async prepare() {
      const a = rand([n])
      const exact = (await a.data()).reduce((t, x) => t + x, 0)
      return {
        work: () => void a.sum(),
        error: Math.abs((await a.sum().item()) - exact) / exact,
        bound: 1e-6,
      }
    },
  }
}
