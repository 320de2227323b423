/** Elementwise functions of a million numbers, and the derivatives of some. */
import { grad, rand, type Tensor } from '../src/node.js'
import { farthest } from './reference.js'
import type { Row } from './row.js'

const n = 2 ** 20

type Kernel = readonly [
  name: string,
  /** Numbers read and written per result. */
  floats: number,
  f: (a: Tensor, b: Tensor) => Tensor,
  in64: (a: number, b: number) => number,
]

const kernels: Kernel[] = [
  ['add', 3, (a, b) => a.add(b), (a, b) => a + b],
  ['mul', 3, (a, b) => a.mul(b), (a, b) => a * b],
  ['add-scalar', 2, a => a.add(2), a => a + 2],
  ['relu', 2, a => a.relu(), a => Math.max(a, 0)],
  ['tanh', 2, a => a.tanh(), Math.tanh],
  ['sigmoid', 2, a => a.sigmoid(), a => 1 / (1 + Math.exp(-a))],
  ['exp', 2, a => a.exp(), Math.exp],
]

const slopes: Kernel[] = [
  ['relu', 3, a => a.relu(), (a, dy) => (a > 0 ? dy : 0)],
  ['tanh', 3, a => a.tanh(), (a, dy) => dy * (1 - Math.tanh(a) ** 2)],
]

const bound = 2e-6 // exp and tanh of WGSL may be off by a few units in the last place

export function elementwise(): Row[] {
  return [...kernels.map(forward), ...slopes.map(backward), transposed(), copied()]
}

function forward([name, floats, f, in64]: Kernel): Row {
  return {
    name: `elementwise/${name}/${n}`,
    bytes: 4 * floats * n,
    async prepare() {
      const [a, b] = [rand([n]).sub(0.5), rand([n])]
      const [A, B, Y] = [await a.data(), await b.data(), await f(a, b).data()]
      return { work: () => void f(a, b), error: farthest(Y, i => in64(A[i], B[i])), bound }
    },
  }
}

function backward([name, floats, f, in64]: Kernel): Row {
  return {
    name: `elementwise/${name}/${n}/backward`,
    bytes: 4 * floats * n,
    async prepare() {
      const [a, dy] = [rand([n]).sub(0.5), rand([n])]
      a.requiresGrad = true
      const y = f(a, dy)
      const work = () => grad(y, a, { dy, retainGraph: true })
      const [A, B, dx] = [await a.data(), await dy.data(), await work().data()]
      return { work: () => void work(), error: farthest(dx, i => in64(A[i], B[i])), bound }
    },
  }
}

/** An operand read through strides. */
function transposed(): Row {
  return {
    name: 'elementwise/add/1024x1024/transposed',
    bytes: 12 * n,
    async prepare() {
      const [a, b] = [rand([1024, 1024]), rand([1024, 1024])]
      const [A, B, Y] = [await a.data(), await b.data(), await a.add(b.transpose()).data()]
      const error = farthest(Y, i => A[i] + B[(i % 1024) * 1024 + Math.floor(i / 1024)])
      return { work: () => void a.add(b.transpose()), error, bound }
    },
  }
}

/** A transposed matrix copied to be contiguous. */
function copied(): Row {
  return {
    name: 'elementwise/contiguous/1024x1024/transposed',
    bytes: 8 * n,
    async prepare() {
      const a = rand([1024, 1024])
      const work = () => a.transpose().contiguous()
      const [A, Y] = [await a.data(), await work().data()]
      const error = farthest(Y, i => A[(i % 1024) * 1024 + Math.floor(i / 1024)])
      return { work: () => void work(), error, bound }
    },
  }
}
