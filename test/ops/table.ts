/** One row for every op: the same function in float64, and the cases that it is tried on. */

import type * as ops from '../../src/autograd/ops/index.js'
import type { Tensor } from '../../src/index.js'
import type { Domain } from './inputs.js'
import {
  bounds,
  erf,
  type Grid,
  matmul,
  part,
  permute,
  reduce,
  reshape,
  sumTo,
  transpose,
  zip,
} from './reference.js'
import type { Tolerance } from './tolerance.js'

/** What an op is called with: the shapes of its tensors (or plain numbers), then its other arguments. */
export interface Case {
  readonly inputs: readonly (readonly number[] | number)[]
  readonly args: readonly unknown[]
  /** Instead of the row's. */
  readonly from?: Domain | readonly Domain[]
}

export interface Row<F = never> {
  readonly f: Reference<F>
  readonly cases: readonly Case[]
  /** Where inputs are drawn from: one domain for all, or one for each. `any` by default. */
  readonly from?: Domain | readonly Domain[]
  /** `none` where no gradient passes. */
  readonly gradient?: 'none'
  /** Whether it takes i32 and u32 too. */
  readonly whole?: true
  /** `rounded` by default. */
  readonly tolerance?: Tolerance
}

type GridOf<T> = T extends Tensor ? Grid : T extends Tensor[] ? Grid[] : T

/** An op's signature with grids for tensors. */
type Reference<F> = F extends (...args: infer A) => infer Y
  ? (...args: { [I in keyof A]: GridOf<A[I]> }) => GridOf<Y>
  : never

type Operand = Grid | number

function on(inputs: Case['inputs'], ...args: unknown[]): Case {
  return { inputs, args }
}

const shapes = [[], [1], [0], [0, 3], [5, 7], [3, 8], [64 * 4 + 1], [2, 3, 1, 2, 3, 2]]
const alone = shapes.map(shape => on([shape]))

// biome-ignore format: a table reads in columns
const pairs = [
  on([[], []]),         on([[5, 7], [5, 7]]), on([[257], [257]]),  on([[257], [1]]),  on([[], [257]]),
  on([[5, 7], [7]]),    on([[7], [5, 7]]),    on([[5, 1], [1, 7]]), on([[5, 7], []]), on([[0, 3], [3]]),
  on([[5, 7], 2]),      on([3, [5, 7]]),      on([[3, 8], [8]]),   on([[3, 8], [3, 1]]), on([[4], [2, 3, 1]]),
  on([[2, 1, 3, 1, 2, 1], [3, 1, 2, 1, 2]]),
]

const curved = { tolerance: 'curved' } as const
const whole = { whole: true } as const
const exact = { tolerance: 'exact', whole: true } as const
const logical = { gradient: 'none', from: 'ties', ...exact } as const

function unary(f: (x: number) => number, more: Partial<Row> = {}) {
  return { f: (x: Grid) => zip(f, x), cases: alone, ...more }
}

function binary(f: (a: number, b: number) => number, more: Partial<Row> = {}) {
  return { f: (a: Operand, b: Operand) => zip(f, a, b), cases: pairs, ...more }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const normal = (x: number) => 0.5 * (1 + erf(x / Math.SQRT2))
const geluTanh = (x: number) =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

// biome-ignore format: a table reads in columns
export const table: { readonly [K in keyof typeof ops]: Row<(typeof ops)[K]> } = {
  // arithmetic
  add: binary((a, b) => a + b, whole),
  sub: binary((a, b) => a - b, whole),
  mul: binary((a, b) => a * b, whole),
  div: binary((a, b) => a / b, { from: 'nonzero', whole: true }),
  pow: binary((a, b) => a ** b, {
    from: ['positive', 'any'],
    cases: [...pairs, ...[0, 1, 0.5, -1, 2.5, -0.5, 17].map(p => on([[5, 7], p])),
      ...[3, 2, -1, 17].map(p => ({ ...on([[5, 7], p]), from: 'nonzero' as const }))],
    ...curved,
  }),
  square:  unary(x => x * x),
  maximum: binary(Math.max, { from: 'apart', ...exact }),
  minimum: binary(Math.min, { from: 'apart', ...exact }),

  // comparisons and choices
  equal:        binary((a, b) => +(a === b), logical),
  notEqual:     binary((a, b) => +(a !== b), logical),
  less:         binary((a, b) => +(a < b), logical),
  lessEqual:    binary((a, b) => +(a <= b), logical),
  greater:      binary((a, b) => +(a > b), logical),
  greaterEqual: binary((a, b) => +(a >= b), logical),
  where: {
    f: (condition, a, b) => zip((c, x, y) => (c ? x : y), condition, a, b),
    from: ['truth', 'any', 'any'],
    cases: [
      on([[5, 7], [5, 7], [5, 7]]), on([[257], [257], [257]]), on([[7], [5, 1], []]), on([[], [5, 1], [7]]),
      on([[5, 7], 2, [7]]),         on([[5, 7], [5, 7], 3]),   on([[0, 3], [3], [0, 1]]),
    ],
    ...exact,
  },

  // elementwise functions
  neg:     unary(x => -x, exact),
  exp:     unary(Math.exp, curved),
  log:     unary(Math.log, { from: 'positive', ...curved }),
  sqrt:    unary(Math.sqrt, { from: 'positive', ...curved }),
  abs:     unary(Math.abs, { from: 'apart', tolerance: 'exact' }),
  sin:     unary(Math.sin),
  cos:     unary(Math.cos),
  relu:    unary(x => Math.max(x, 0), { from: 'apart', tolerance: 'exact' }),
  tanh:    unary(Math.tanh, curved),
  sigmoid: unary(sigmoid, curved),
  silu:    unary(x => x * sigmoid(x), curved),
  gelu: {
    f: (x, { approximate } = {}) => zip(v => (approximate === 'tanh' ? geluTanh(v) : v * normal(v)), x),
    cases: [...alone, on([[5, 7]], { approximate: 'none' }), on([[257]], { approximate: 'tanh' })],
    ...curved,
  },
  leakyRelu: {
    f: (x, slope = 0.01) => zip(v => (v > 0 ? v : slope * v), x),
    from: 'apart',
    cases: [...alone, on([[5, 7]], 0.2)],
  },
  clamp: {
    f: (x, { min = -Infinity, max = Infinity }) => zip(v => Math.min(max, Math.max(min, v)), x),
    from: 'apart',
    cases: [on([[257]], { min: -1, max: 1 }), on([[5, 7]], { min: 0.5 }), on([[5, 7]], { max: 0 }), on([[]], {})],
    tolerance: 'exact',
  },
  softplus: {
    f: (x, { beta = 1, threshold = 20 } = {}) =>
      zip(v => (beta * v > threshold ? v : Math.log1p(Math.exp(beta * v)) / beta), x),
    from: 'apart',
    cases: [...alone, on([[5, 7]], { beta: 2 }), on([[5, 7]], { beta: 2, threshold: 1 })],
    ...curved,
  },

  // sums
  sum: {
    f: (x, dims, { keepdim } = {}) => reduce(x, dims, keepdim, () => 1),
    cases: [
      ...alone,                  on([[5, 7]], 0),           on([[5, 7]], -1, { keepdim: true }), on([[5, 7]], [1, 0]),
      on([[2, 3, 4]], 1),        on([[2, 3, 4]], [0, -1]),  on([[2, 3, 1, 2, 3, 2]], [5, 1, 3]), on([[0, 3]], 0),
      on([[5000]]),              on([[2, 4099]], 1),        on([[300, 70]], 0),                  on([[70, 1030]], 0),
    ],
    tolerance: 'summed', whole: true,
  },
  mean: {
    f: (x, dims, { keepdim } = {}) => reduce(x, dims, keepdim, n => n),
    cases: [
      on([[]]),                  on([[257]]),               on([[5, 7]], -1, { keepdim: true }), on([[5, 7]], 0),
      on([[2, 3, 4]], [0, -1]),  on([[5000]]),              on([[300, 70]], 0),                  on([[3, 0]], 0),
    ],
    tolerance: 'summed',
  },
  sumTo: {
    f: sumTo,
    cases: [
      on([[5, 7]], [7]),  on([[5, 7]], [5, 1]),  on([[5, 7]], []), on([[5, 7]], [5, 7]), on([[5, 7]], [1, 1]),
      on([[257]], [1]),   on([[0, 3]], [1, 3]),  on([[2, 3, 4, 2, 2, 2]], [3, 1, 2, 1, 2]),
    ],
    ...whole,
  },
  mseLoss: {
    f: (x, t, { reduction = 'mean' } = {}) => {
      const e = zip((a, b) => (a - b) ** 2, x, t)
      return reduction === 'none' ? e : reduce(e, undefined, false, n => (reduction === 'sum' ? 1 : n))
    },
    cases: [
      on([[], []]),                                   on([[257], [257]]),
      on([[5, 7], [5, 7]]),                           on([[2, 3, 1, 2, 3, 2], [2, 3, 1, 2, 3, 2]]),
      on([[5, 7], [5, 7]], { reduction: 'sum' }),     on([[5, 7], [5, 7]], { reduction: 'none' }),
      on([[0, 3], [0, 3]], { reduction: 'none' }),
    ],
  },

  // products
  matmul: {
    f: matmul,
    cases: [
      on([[5, 7], [7, 3]]),          on([[3, 3], [3, 3]]),       on([[1, 1], [1, 1]]),       on([[65, 9], [9, 69]]),
      on([[7], [7]]),                on([[7], [7, 3]]),          on([[5, 7], [7]]),          on([[2, 5, 7], [7]]),
      on([[7], [2, 7, 3]]),          on([[2, 5, 7], [7, 3]]),    on([[2, 5, 7], [2, 7, 3]]), on([[5, 7], [2, 7, 3]]),
      on([[2, 1, 3, 5], [4, 5, 2]]), on([[0, 3], [3, 4]]),       on([[3, 0], [0, 4]]),       on([[0, 2, 3], [3, 2]]),
      on([[2, 1, 2, 1, 3, 2], [3, 1, 2, 2, 3]]),                 on([[2, 1, 2, 1, 2, 2, 2], [2, 1, 2, 1, 2, 2]]),
    ],
  },
  linear: {
    f: (x, weight, bias) => {
      const y = matmul(x, transpose(weight))
      return bias ? zip((a, b) => a + b, y, bias) : y
    },
    cases: [
      on([[5, 7], [3, 7], [3]]), on([[5, 7], [3, 7]]),       on([[5, 7], [3, 7]], null),   on([[7], [3, 7], [3]]),
      on([[3, 3], [3, 3]]),      on([[1, 1], [1, 1], [1]]),  on([[65, 9], [69, 9], [69]]), on([[2, 5, 7], [3, 7], [3]]),
      on([[0, 7], [3, 7], [3]]),
    ],
  },

  // views
  permute: {
    f: permute,
    cases: [on([[]], []), on([[5, 7]], [1, 0]), on([[2, 3, 4]], [2, 0, -2]), on([[2, 3, 1, 2, 3, 2]], [5, 0, 3, 1, 4, 2])],
    ...exact,
  },
  transpose: {
    f: transpose,
    cases: [on([[5, 7]]), on([[2, 3, 4]], 0, 1), on([[2, 3, 4]], 0, -1), on([[0, 3]]), on([[257, 1]])],
    ...exact,
  },
  reshape: {
    f: reshape,
    cases: [
      on([[5, 7]], [7, 5]), on([[5, 7]], [-1]), on([[]], [1, 1]), on([[1]], []), on([[0, 3]], [3, 0, 2]),
      on([[4, 6]], [2, 2, -1, 2]), on([[2, 3, 1, 2, 3, 2]], [12, -1]),
    ],
    ...exact,
  },
  flatten: {
    f: (x, start = 0, end = -1) => {
      const [a, b] = [start, end].map(d => (d < 0 ? d + x.shape.length : d))
      return reshape(x, x.shape.length ? [...x.shape.slice(0, a), -1, ...x.shape.slice(b + 1)] : [1])
    },
    cases: [on([[]]), on([[5, 7]]), on([[2, 3, 4]], 1), on([[2, 3, 4]], 0, 1), on([[2, 3, 1, 2, 3, 2]], -5, -2)],
    ...exact,
  },
  squeeze: {
    f: (x, dim) => reshape(x, x.shape.filter((size, d) =>
      size !== 1 || (dim !== undefined && d !== (dim + x.shape.length) % x.shape.length))),
    cases: [on([[1, 5, 1, 7]]), on([[1, 5, 1, 7]], 0), on([[1, 5, 1, 7]], -2), on([[1, 5, 1, 7]], 1), on([[1]])],
    ...exact,
  },
  unsqueeze: {
    f: (x, dim) => reshape(x, x.shape.toSpliced(dim < 0 ? dim + x.shape.length + 1 : dim, 0, 1)),
    cases: [on([[]], 0), on([[5, 7]], 0), on([[5, 7]], 1), on([[5, 7]], -1), on([[5, 7]], -3)],
    ...exact,
  },
  expand: {
    f: (x, shape) => {
      const to = shape.map((size, d) => (size < 0 ? x.shape[d - shape.length + x.shape.length] : size))
      return zip((_, v) => v, { shape: to, data: new Float64Array(to.reduce((n, size) => n * size, 1)) }, x)
    },
    cases: [
      on([[5, 1]], [5, 7]), on([[7]], [5, 7]), on([[]], [2, 3]), on([[5, 1]], [-1, 7]), on([[1, 5, 1]], [2, 5, 3]),
      on([[1]], [257]),     on([[1, 3]], [0, 3]), on([[3, 1, 2, 1, 2]], [2, 3, 4, 2, 2, 2]),
    ],
    ...exact,
  },
  slice: {
    f: (x, dim, { start, stop, step = 1 }) => {
      const [from, length] = bounds(x.shape.at(dim)!, start ?? undefined, stop ?? undefined, step)
      return part(x, dim, from, length, step)
    },
    cases: [
      on([[5, 7]], 0, { start: 1, stop: 4 }), on([[5, 7]], 1, { start: 1, step: 2 }), on([[5, 7]], -1, { stop: -2, step: 3 }),
      on([[257]], 0, { start: -256 }),        on([[5, 7]], 0, { start: 3, stop: 3 }), on([[5, 7]], 1, { start: -99, stop: 99 }),
      on([[5, 7]], 0, {}),                    on([[2, 3, 1, 2, 3, 2]], 4, { start: 1, step: 2 }),
    ],
    ...exact,
  },
  narrow: {
    f: (x, dim, start, length) => part(x, dim, start < 0 ? start + x.shape.at(dim)! : start, length),
    cases: [on([[5, 7]], 0, 1, 3), on([[5, 7]], -1, -2, 2), on([[257]], 0, 1, 256), on([[5, 7]], 1, 3, 0)],
    ...exact,
  },
  select: {
    f: (x, dim, i) => {
      const y = part(x, dim, i < 0 ? i + x.shape.at(dim)! : i, 1)
      return reshape(y, x.shape.toSpliced(dim, 1))
    },
    cases: [on([[5, 7]], 0, 2), on([[5, 7]], 1, -1), on([[257]], 0, 256), on([[2, 3, 1, 2, 3, 2]], -2, 1)],
    ...exact,
  },
  chunk: {
    f: (x, chunks, dim = 0) => {
      const size = x.shape.at(dim)!
      const length = Math.ceil(size / chunks)
      const count = Math.ceil(size / length)
      return Array.from({ length: count }, (_, i) => part(x, dim, i * length, Math.min(length, size - i * length)))
    },
    cases: [on([[5, 7]], 2), on([[5, 7]], 3, 1), on([[5, 7]], 4, -2), on([[5, 7]], 9)],
    ...exact,
  },
  contiguous: unary(x => x, exact),

  // the ways out
  detach: unary(x => x, { gradient: 'none', ...exact }),
  to: {
    f: (x, dtype) => zip(dtype === 'f32' ? v => v : dtype === 'bool' ? v => +(v !== 0) : Math.trunc, x),
    from: 'ties',
    cases: [on([[5, 7]], 'i32'), on([[257]], 'bool'), on([[5, 7]], 'f32'), on([[0]], 'i32'), on([[]], 'bool')],
    gradient: 'none', ...exact,
  },
}

export type OpName = keyof typeof table
