/** The rules that are checked: an operation on small inputs each, away from kinks. */
import * as ops from '../../../src/autograd/ops/index.js'
import { type Tensor, tensor } from '../../../src/index.js'
import { sizeOf } from '../../../src/tensor/shape.js'
import { numbers } from '../../shell/numbers.js'
import type { Kind } from './plant.js'

export interface Rule {
  /** What its records are called on the tape. */
  readonly op: string
  readonly f: (...inputs: Tensor[]) => Tensor
  readonly inputs: () => Tensor[]
  /** The names of the inputs that have arrows. */
  readonly names: readonly string[]
  /** Whether its result is one number. */
  readonly scalar?: true
}

/** Random numbers of size 1. */
function random(shape: readonly number[], seed: number): Tensor {
  return tensor(numbers(sizeOf(shape), seed), { shape })
}

/** Random numbers in [low, high]. */
function between(low: number, high: number, shape: readonly number[], seed: number): Tensor {
  const values = numbers(sizeOf(shape), seed).map(v => low + ((high - low) * (v + 1)) / 2)
  return tensor(values, { shape })
}

/** Numbers that are all 0.1 apart and never 0, in random order: for maxima and kinks. */
function apart(shape: readonly number[], seed: number): Tensor {
  const n = sizeOf(shape)
  const order = [...numbers(n, seed).entries()].sort(([, a], [, b]) => a - b)
  const values = new Float32Array(n)
  for (const [rank, [i]] of order.entries()) values[i] = 0.1 * (rank - n / 2) + 0.05
  return tensor(values, { shape })
}

const targets = () => between(0, 1, [4, 4], 9)

// biome-ignore format: a table reads in columns
export const rules: readonly Rule[] = [
  { op: 'add', f: (a, b) => ops.add(a, b), inputs: () => [random([4, 4], 1), random([4, 4], 2)], names: ['a', 'b'] },
  { op: 'mul', f: (a, b) => ops.mul(a, b), inputs: () => [random([4, 4], 3), random([4, 4], 4)], names: ['a', 'b'] },
  { op: 'matmul', f: ops.matmul, inputs: () => [random([4, 4], 5), random([4, 4], 6)], names: ['A', 'B'] },
  { op: 'linear', f: (x, w, b) => ops.linear(x, w, b), inputs: () => [random([4, 4], 7), random([4, 4], 8), random([4], 9)], names: ['x', 'W', 'b'] },
  { op: 'conv2d', f: (x, w, b) => ops.conv2d(x, w, b, { padding: 1 }), inputs: () => [random([2, 2, 5, 5], 10), random([3, 2, 3, 3], 11), random([3], 12)], names: ['x', 'w', 'b'] },
  { op: 'convTranspose2d', f: (x, w, b) => ops.convTranspose2d(x, w, b, { stride: 2 }), inputs: () => [random([2, 2, 3, 3], 13), random([2, 3, 2, 2], 14), random([3], 15)], names: ['x', 'w', 'b'] },
  { op: 'maxPool2d', f: x => ops.maxPool2d(x, 2), inputs: () => [apart([1, 2, 4, 4], 16)], names: ['x'] },
  { op: 'relu', f: ops.relu, inputs: () => [apart([4, 4], 17)], names: ['z'] },
  { op: 'tanh', f: ops.tanh, inputs: () => [random([4, 4], 18)], names: ['z'] },
  { op: 'sigmoid', f: ops.sigmoid, inputs: () => [random([4, 4], 19)], names: ['z'] },
  { op: 'softmax', f: x => ops.softmax(x, 1), inputs: () => [random([4, 4], 20)], names: ['x'] },
  { op: 'layerNorm', f: (x, weight, bias) => ops.layerNorm(x, 4, { weight, bias }), inputs: () => [random([3, 4], 21), random([4], 22), random([4], 23)], names: ['x', 'w', 'b'] },
  { op: 'mseLoss', f: (x, t) => ops.mseLoss(x, t, { reduction: 'sum' }), inputs: () => [random([4, 4], 24), targets()], names: ['x', 't'], scalar: true },
  { op: 'gaussianKld', f: (mu, l) => ops.gaussianKld(mu, l, { pixels: 1 }), inputs: () => [random([4, 4], 25), random([4, 4], 26)], names: ['μ', 'ℓ'], scalar: true },
  { op: 'reshape', f: x => ops.reshape(x, [2, 8]), inputs: () => [random([4, 4], 31)], names: ['x'] },
  { op: 'exp', f: ops.exp, inputs: () => [random([4, 4], 27)], names: ['x'] },
  { op: 'log', f: ops.log, inputs: () => [between(0.5, 2, [4, 4], 28)], names: ['x'] },
  { op: 'sum', f: x => ops.sum(x, 0), inputs: () => [random([4, 4], 29)], names: ['x'] },
  { op: 'logSoftmax', f: x => ops.logSoftmax(x, 1), inputs: () => [random([4, 4], 30)], names: ['x'] },
]

/** The bugs that make a difference in an arrow of this rule. */
export function kindsOf({ inputs, scalar }: Rule, input: number): Kind[] {
  const [rows, columns] = inputs()[input].shape.slice(-2)
  const isSquare = rows === columns && columns > 1
  return [
    'sign',
    'twice',
    ...(scalar ? [] : ['first' as const]),
    ...(isSquare ? ['transposed' as const] : []),
  ]
}
