/** Elementwise functions. */
import { between, broadcastable, oneOf, shapeOf, together } from '../generate.js'
import { erf, zip } from '../reference.js'
import {
  alone,
  binary,
  curved,
  exact,
  logical,
  on,
  pairs,
  type Rows,
  sigmoid,
  unary,
  whole,
} from '../row.js'

const normal = (x: number) => 0.5 * (1 + erf(x / Math.SQRT2))
const geluTanh = (x: number) =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

const elu = (x: number, alpha: number) => (x > 0 ? x : alpha * Math.expm1(x))
const hardsigmoid = (x: number) => Math.min(6, Math.max(0, x + 3)) / 6
/** The nearest whole number; of two, the even one. */
const even = (x: number) => {
  const y = Math.floor(x + 0.5)
  return x + 0.5 === y && y % 2 !== 0 ? y - 1 : y
}
const jumps = { from: 'apart', tolerance: 'exact' } as const

// biome-ignore format: a table reads in columns
export const rows: Rows<
  'add' | 'addcmul' | 'sub' | 'mul' | 'div' | 'pow' | 'square' | 'maximum' | 'minimum' | 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual' | 'where' | 'neg' | 'exp' | 'log' | 'sqrt' | 'abs' | 'sin' | 'cos' | 'relu' | 'tanh' | 'sigmoid' | 'silu' | 'gelu' | 'leakyRelu' | 'clamp' | 'softplus' | 'sign' | 'floor' | 'ceil' | 'round' | 'trunc' | 'elu' | 'selu' | 'celu' | 'hardtanh' | 'relu6' | 'hardsigmoid' | 'hardswish' | 'mish' | 'logSigmoid' | 'isNaN' | 'isFinite' | 'isInf' | 'maskedFill'
> = {
  add: binary((a, b) => a + b, { linear: true, ...whole }),
  addcmul: {
    f: (x, a, b, { value = 1 } = {}) => zip((p, q, r) => p + value * q * r, x, a, b),
    cases: [
      on([[5, 7], [5, 7], [5, 7]]),       on([[257], [257], [257]]), on([[], [], []]),           on([[7], [5, 1], [5, 7]], { value: -2 }),
      on([[2, 3, 1, 2, 3, 2], [3, 2], []]), on([[0, 3], [3], [1]]),  on([[1], [4], [4]], { value: 0.5 }),
    ],
    linear: [[0, 1], [0, 2]],
  },
  sub: binary((a, b) => a - b, { linear: true, ...whole }),
  mul: binary((a, b) => a * b, { linear: [[0], [1]], ...whole }),
  div: binary((a, b) => a / b, { from: 'nonzero', linear: [[0]], whole: true }),
  pow: binary((a, b) => a ** b, {
    from: ['positive', 'any'],
    cases: [...pairs, ...[0, 1, 0.5, -1, 2.5, -0.5, 17].map(p => on([[5, 7], p])),
      ...[3, 2, -1, 17].map(p => ({ ...on([[5, 7], p]), from: 'nonzero' as const }))],
    ...curved,
  }),
  square:  unary(x => x * x),
  maximum: binary(Math.max, { from: 'apart', ...exact }),
  minimum: binary(Math.min, { from: 'apart', ...exact }),
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
    generate: random => on(together(random, 3)),
    linear: [[1, 2]],
    ...exact,
  },
  neg:     unary(x => -x, { linear: true, ...exact }),
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
    generate: random => on([shapeOf(random)], { approximate: oneOf(random, ['none', 'tanh']) }),
    ...curved,
  },
  leakyRelu: {
    f: (x, slope = 0.01) => zip(v => (v > 0 ? v : slope * v), x),
    from: 'apart',
    cases: [...alone, on([[5, 7]], 0.2)],
    generate: random => on([shapeOf(random)], oneOf(random, [0.01, 0.3, 1, 0])),
  },
  clamp: {
    f: (x, { min = -Infinity, max = Infinity }) => zip(v => Math.min(max, Math.max(min, v)), x),
    from: 'apart',
    cases: [on([[257]], { min: -1, max: 1 }), on([[5, 7]], { min: 0.5 }), on([[5, 7]], { max: 0 }), on([[]], {})],
    generate(random) {
      const min = between(random, -4, 2) / 2
      return on([shapeOf(random)], oneOf(random, [{ min }, { max: min }, { min, max: min + 1 }]))
    },
    tolerance: 'exact',
  },
  softplus: {
    f: (x, { beta = 1, threshold = 20 } = {}) =>
      zip(v => (beta * v > threshold ? v : Math.log1p(Math.exp(beta * v)) / beta), x),
    from: 'apart',
    cases: [...alone, on([[5, 7]], { beta: 2 }), on([[5, 7]], { beta: 2, threshold: 1 })],
    generate: random => on([shapeOf(random)], { beta: oneOf(random, [0.5, 1, 2]), threshold: oneOf(random, [1, 20]) }),
    ...curved,
  },  sign:    unary(Math.sign, jumps),
  floor:   unary(Math.floor, jumps),
  ceil:    unary(Math.ceil, jumps),
  round:   unary(even, jumps),
  trunc:   unary(Math.trunc, jumps),
  elu: {
    f: (x, alpha = 1) => zip(v => elu(v, alpha), x),
    from: 'apart',
    cases: [...alone, on([[5, 7]], 0.3), on([[5, 7]], -2)],
    generate: random => on([shapeOf(random)], oneOf(random, [1, 0.3, 2])),
    ...curved,
  },
  selu:    unary(x => 1.0507009873554805 * elu(x, 1.6732632423543772), { from: 'apart', ...curved }),
  celu: {
    f: (x, alpha = 1) => zip(v => alpha * elu(v / alpha, 1), x),
    from: 'apart',
    cases: [...alone, on([[5, 7]], 0.3)],
    ...curved,
  },
  hardtanh: {
    f: (x, min = -1, max = 1) => zip(v => Math.min(max, Math.max(min, v)), x),
    from: 'apart',
    cases: [...alone, on([[5, 7]], -0.5, 0.5)],
    tolerance: 'exact',
  },
  relu6:       unary(x => Math.min(6, Math.max(0, x)), { from: 'apart', tolerance: 'exact' }),
  hardsigmoid: unary(hardsigmoid, { from: 'apart' }),
  hardswish:   unary(x => x * hardsigmoid(x), { from: 'apart' }),
  mish:        unary(x => x * Math.tanh(Math.log1p(Math.exp(x))), curved),
  logSigmoid:  unary(x => -Math.log1p(Math.exp(-x)), curved),
  isNaN:    unary(x => +Number.isNaN(x), logical),
  isFinite: unary(x => +Number.isFinite(x), logical),
  isInf:    unary(x => +(Math.abs(x) === Infinity), logical),
  maskedFill: {
    f: (x, mask, value) => zip((v, m) => (m ? (value as number) : v), x, mask),
    from: ['any', 'truth'],
    cases: [on([[5, 7], [5, 7]], 3), on([[5, 7], [7]], 1), on([[257], [1]], 0), on([[], []], 2), on([[0, 3], [3]], 1), on([[2, 3], []], 5)],
    generate(random) {
      const shape = shapeOf(random)
      return on([shape, broadcastable(random, shape)], 3)
    },
    ...exact,
  },
}
