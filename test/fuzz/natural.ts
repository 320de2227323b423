/** Calls that suit a tensor as it is: its shape is that of the first input. */
import {
  between,
  broadcastable,
  dimOf,
  dimsOf,
  oneOf,
  shuffled,
  size,
  sometimes,
} from '../ops/generate.js'
import type { Random } from '../ops/inputs.js'
import { type Case, on } from '../ops/row.js'
import type { OpName } from '../ops/table.js'

type Maker = (random: Random, shape: readonly number[]) => Case

const activation = (random: Random) =>
  sometimes(random, 0.7)
    ? { activation: oneOf(random, ['relu', 'tanh', 'sigmoid'] as const) }
    : { activation: null }

const alone: Maker = (_, shape) => on([shape])
const withOther: Maker = (random, shape) =>
  on([shape, sometimes(random, 0.4) ? shape : broadcastable(random, shape)])
const alongDim: Maker = (random, shape) => on([shape], dimOf(random, shape))
const overDims: Maker = (random, shape) =>
  shape.length === 0 || sometimes(random, 0.2)
    ? on([shape])
    : on([shape], dimsOf(random, shape), { keepdim: sometimes(random) })
const target: Maker = (random, shape) =>
  on([shape, shape], { reduction: oneOf(random, ['mean', 'sum', 'none']) })
const windows: Maker = (random, shape) =>
  on(
    [shape],
    shape.slice(-2).map(n => between(random, 1, Math.min(n, 3))),
    {
      stride: sometimes(random) ? undefined : [between(random, 1, 2), between(random, 1, 3)],
    },
  )

/** Kernel sizes and strides for an image. */
function convOptions(random: Random) {
  return {
    stride: [between(random, 1, 3), between(random, 1, 3)],
    padding: [between(random, 0, 2), between(random, 0, 2)],
    ...activation(random),
  }
}

interface Natural {
  /** The least rank of the first input. */
  readonly rank: number
  readonly make: Maker
  /** How often, beside the others. */
  readonly weight?: number
}

const of = (rank: number, make: Maker, weight = 1): Natural => ({ rank, make, weight })

/** How calls are made for a shape. The rest of the table is reached through `generate`. */
export const natural: Partial<Record<OpName, Natural>> = {
  ...Object.fromEntries(
    (
      ['neg', 'exp', 'sin', 'cos', 'relu', 'tanh', 'sigmoid', 'silu', 'gelu', 'leakyRelu', 'abs',
        'square', 'sqrt', 'log', 'softplus', 'contiguous', 'detach'] as const // biome-ignore format: names
    )
      .map(op => [op, of(0, alone)]),
  ),
  ...Object.fromEntries(
    (
      ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'less', 'greaterEqual'] as const
    ).map(op => [op, of(0, withOther)]),
  ),
  add: of(0, withOther, 3),
  mul: of(0, withOther, 3),
  addcmul: of(0, (random, shape) =>
    on([shape, shape, broadcastable(random, shape)], { value: oneOf(random, [1, -2, 0.5]) }),
  ),
  where: of(0, (random, shape) => on([broadcastable(random, shape), shape, shape])),
  clamp: of(0, (_, shape) => on([shape], { min: -0.9, max: 1.1 })),
  sum: of(0, overDims, 2),
  mean: of(0, overDims),
  amax: of(0, overDims),
  amin: of(0, overDims),
  max: of(1, alongDim),
  argmax: of(1, alongDim),
  softmax: of(1, alongDim),
  logSoftmax: of(1, alongDim),
  std: of(1, (random, shape) => on([shape], dimsOf(random, shape), { unbiased: false })),
  transpose: of(2, (random, shape) => on([shape], dimOf(random, shape), dimOf(random, shape)), 3),
  permute: of(2, (random, shape) => on([shape], shuffled(random, [...shape.keys()])), 2),
  slice: of(
    1,
    (random, shape) => {
      const dim = dimOf(random, shape)
      const bound = oneOf(random, [undefined, 1, -1, 2])
      return on([shape], dim, { start: bound, step: oneOf(random, [1, 1, 2, 3]) })
    },
    2,
  ),
  select: of(1, (random, shape) => {
    const dim = dimOf(random, shape)
    return on([shape], dim, dimOf(random, { length: shape.at(dim)! }))
  }),
  chunk: of(1, (random, shape) => on([shape], between(random, 1, 3), dimOf(random, shape)), 2),
  expand: of(0, (random, shape) => {
    const to = shape.map(n => (n === 1 ? size(random) : n))
    return on([shape], sometimes(random) && to.length < 5 ? [between(random, 1, 3), ...to] : to)
  }),
  flatten: of(1, (random, shape) => on([shape], between(random, 0, shape.length - 1))),
  unsqueeze: of(0, (random, shape) => on([shape], dimOf(random, [...shape, 1]))),
  cat: of(1, (random, shape) => {
    const dim = dimOf(random, shape)
    return on([shape, shape.with(dim, size(random, { empty: true })), shape], dim)
  }),
  stack: of(0, (random, shape) => on([shape, shape, shape], dimOf(random, [...shape, 1]))),
  matmul: of(1, (random, shape) => on([shape, [shape.at(-1)!, size(random)]]), 2),
  linear: of(
    1,
    (random, shape) => {
      const [k, n] = [shape.at(-1)!, size(random)]
      return on([shape, [n, k], sometimes(random, 0.7) ? [n] : null], activation(random))
    },
    5,
  ),
  conv2d: of(
    3,
    (random, shape) => {
      const [c, o] = [shape.at(-3)!, between(random, 1, 6)]
      const kernel = shape.slice(-2).map(n => between(random, 1, Math.min(n, 3)))
      return on([shape, [o, c, ...kernel], sometimes(random) ? [o] : null], convOptions(random))
    },
    6,
  ),
  convTranspose2d: of(
    3,
    (random, shape) => {
      const [c, o] = [shape.at(-3)!, between(random, 1, 6)]
      const kernel = [between(random, 1, 3), between(random, 1, 3)]
      const options = { ...convOptions(random), padding: 0 }
      return on([shape, [c, o, ...kernel], sometimes(random) ? [o] : null], options)
    },
    4,
  ),
  maxPool2d: of(3, windows, 3),
  avgPool2d: of(3, windows),
  layerNorm: of(1, (random, shape) => {
    const n = shape.at(-1)!
    return on([shape, sometimes(random) ? [n] : null, sometimes(random) ? [n] : null], n, {
      eps: 1e-2,
    })
  }),
  batchNorm: of(2, (random, shape) => {
    const c = shape[1]
    const w = sometimes(random) ? [c] : null
    const training = shape.reduce((a, b) => a * b, 1) > c && sometimes(random)
    return on([shape, w, w, [c], [c]], { training, eps: 1e-2 })
  }),
  mseLoss: of(0, target),
  l1Loss: of(0, target),
  smoothL1Loss: of(0, target),
  gaussianKld: of(1, (_, shape) => on([shape, shape])),
}

const names = Object.entries(natural).flatMap(([op, { weight = 1 }]) =>
  new Array<OpName>(weight).fill(op as OpName),
)

/** A call for a tensor of that shape, or null if the op that was drawn does not suit it. */
export function naturalCall(random: Random, shape: readonly number[]): [OpName, Case] | null {
  const op = oneOf(random, names)
  const { rank, make } = natural[op]!
  const isImage = op.endsWith('2d')
  if (shape.length < rank || (isImage && (shape.length > 4 || shape.slice(-3).includes(0))))
    return null
  if (op === 'select' && shape.includes(0)) return null // there may be no index
  return [op, make(random, shape)]
}
