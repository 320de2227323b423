/** Losses that compare a prediction and a target element by element. */
import * as kg from '../../../src/index.js'
import { oneOf, shapeOf, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { type Grid, reduce, zip } from '../reference.js'
import { on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor
type Optional = Grid | null | undefined

interface Options {
  reduction?: 'mean' | 'sum' | 'none' | 'batchmean'
  beta?: number
  delta?: number
  logTarget?: boolean
}

export const reductions = ['mean', 'sum', 'none'] as const

/** The mean, the sum or all of the elements. */
export function reduced(e: Grid, reduction: Options['reduction'] = 'mean', first = 1): Grid {
  if (reduction === 'none') return e
  const divisors = { mean: (n: number) => n, sum: () => 1, batchmean: () => first }
  return reduce(e, undefined, false, divisors[reduction])
}

/** A loss from its formula per element, then the mean, the sum or all. */
const loss =
  (f: (x: number, t: number, options: Options) => number) =>
  (x: Grid, t: Grid, options: Options = {}): Grid =>
    reduced(
      zip((a, b) => f(a, b, options), x, t),
      options.reduction,
      x.shape[0],
    )

const shapes = [[], [257], [5, 7], [2, 3, 1, 2, 3, 2]]

/** All reductions, and other options of a loss. */
function casesWith(...more: Options[]) {
  return [
    ...shapes.map(s => on([s, s])),
    on(
      [
        [5, 7],
        [5, 7],
      ],
      { reduction: 'sum' },
    ),
    on(
      [
        [5, 7],
        [5, 7],
      ],
      { reduction: 'none' },
    ),
    on(
      [
        [0, 3],
        [0, 3],
      ],
      { reduction: 'none' },
    ),
    ...more.map(options =>
      on(
        [
          [5, 7],
          [5, 7],
        ],
        options,
      ),
    ),
  ]
}

const generate = (options: (random: Random) => Options) => (random: Random) => {
  const shape = shapeOf(random, { empty: false })
  return on([shape, shape], { reduction: oneOf(random, reductions), ...options(random) })
}

const none = () => ({})

const weighted = (e: Grid, w: Optional) => (w ? zip((a, b) => a * b, e, w) : e)

export const bce = (x: Grid, t: Grid, w: Optional, { reduction }: Options = {}) =>
  reduced(
    weighted(
      zip((a, b) => -b * Math.log(a) - (1 - b) * Math.log(1 - a), x, t),
      w,
    ),
    reduction,
  )

export const bceWithLogits = (
  x: Grid,
  t: Grid,
  w: Optional,
  p: Optional,
  { reduction }: Options = {},
) => {
  const e = zip(
    (a, b, q) =>
      (1 - b) * a + (1 + (q - 1) * b) * (Math.log1p(Math.exp(-Math.abs(a))) + Math.max(-a, 0)),
    x,
    t,
    p ?? 1,
  )
  return reduced(weighted(e, w), reduction)
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'mseLoss' | 'l1Loss' | 'smoothL1Loss' | 'huberLoss' | 'binaryCrossEntropy' | 'binaryCrossEntropyWithLogits' | 'klDiv'> = {
  mseLoss: { f: loss((a, b) => (a - b) ** 2), cases: casesWith(), generate: generate(none) },
  l1Loss:  { f: loss((a, b) => Math.abs(a - b)), cases: casesWith(), generate: generate(none), from: 'apart' },
  smoothL1Loss: {
    f: loss((a, b, { beta = 1 }) => {
      const d = Math.abs(a - b)
      return d < beta ? (d * d) / (2 * beta) : d - beta / 2
    }),
    cases: casesWith({ beta: 0.5 }, { beta: 0 }, { beta: 2, reduction: 'none' }),
    generate: generate(random => ({ beta: oneOf(random, [0, 0.25, 1, 2]) })),
    from: 'apart',
  },
  huberLoss: {
    f: loss((a, b, { delta = 1 }) => {
      const d = Math.abs(a - b)
      return d < delta ? (d * d) / 2 : delta * (d - delta / 2)
    }),
    cases: casesWith({ delta: 0.5 }, { delta: 2, reduction: 'none' }),
    generate: generate(random => ({ delta: oneOf(random, [0.25, 1, 2]) })),
    from: 'apart',
  },
  binaryCrossEntropy: via(
    (x: Tensor, t: Tensor, weight: Tensor | null, options?: kg.LossOptions) => kg.binaryCrossEntropy(x, t, { weight, ...options }),
    bce,
    {
      cases: [
        on([[5, 7], [5, 7], null]), on([[257], [257], [257]]), on([[5, 7], [5, 7], [7]], { reduction: 'none' }),
        on([[], [], null]),         on([[5, 7], [5, 7], [5, 1]], { reduction: 'sum' }),
      ],
      from: 'share', tolerance: 'curved',
    },
  ),
  binaryCrossEntropyWithLogits: via(
    (x: Tensor, t: Tensor, weight: Tensor | null, posWeight: Tensor | null, options?: kg.LossOptions) =>
      kg.binaryCrossEntropyWithLogits(x, t, { weight, posWeight, ...options }),
    bceWithLogits,
    {
      cases: [
        on([[5, 7], [5, 7], null, null]), on([[257], [257], [257], null]), on([[5, 7], [5, 7], null, [7]], { reduction: 'none' }),
        on([[], [], null, null]),         on([[5, 7], [5, 7], [5, 1], [7]], { reduction: 'sum' }),
      ],
      from: ['apart', 'share', 'positive', 'positive'], tolerance: 'curved',
    },
  ),
  klDiv: {
    f: loss((a, b, { logTarget }) => (logTarget ? Math.exp(b) * (b - a) : b * (Math.log(b) - a))),
    cases: casesWith({ reduction: 'batchmean' }, { reduction: 'batchmean', logTarget: true }, { logTarget: true, reduction: 'none' }),
    generate: generate(random => ({ logTarget: sometimes(random) })),
    from: ['any', 'share'], tolerance: 'curved',
  },
}
