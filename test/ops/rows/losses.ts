/** Losses. */
import * as kg from '../../../src/index.js'
import { between, oneOf, shapeOf, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid, reduce, zip } from '../reference.js'
import { on, type Rows, via } from '../row.js'
import { alongDim, logShares } from './softmax.js'

type Tensor = kg.Tensor
type Optional = Grid | null | undefined

interface Options {
  reduction?: 'mean' | 'sum' | 'none' | 'batchmean'
  beta?: number
  delta?: number
  logTarget?: boolean
}

interface ClassOptions {
  reduction?: 'mean' | 'sum' | 'none'
  ignoreIndex?: number
  labelSmoothing?: number
}

const reductions = ['mean', 'sum', 'none'] as const

function reduced(e: Grid, reduction: Options['reduction'] = 'mean', first = 1): Grid {
  if (reduction === 'none') return e
  const divisors = { mean: (n: number) => n, sum: () => 1, batchmean: () => first }
  return reduce(e, undefined, false, divisors[reduction])
}

/** A loss by its formula for one element, then the mean, the sum or all. */
const loss =
  (f: (x: number, t: number, options: Options) => number) =>
  (x: Grid, t: Grid, options: Options = {}): Grid =>
    reduced(
      zip((a, b) => f(a, b, options), x, t),
      options.reduction,
      x.shape[0],
    )

const shapes = [[], [257], [5, 7], [2, 3, 1, 2, 3, 2]]

/** All reductions, and the options that a loss has beside. */
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

/** Losses of classes, given logarithms of probabilities. */
export function ofClasses(
  logp: Grid,
  target: Grid,
  w: Optional,
  { reduction = 'mean', ignoreIndex = -100, labelSmoothing: ε = 0 }: ClassOptions = {},
): Grid {
  const classes = logp.shape[1]
  const weight = (c: number) => w?.data[c] ?? 1
  const score = (index: number[], c: number) => weight(c) * at(logp, index.toSpliced(1, 0, c))
  const e = fill(target.shape, index => {
    const t = at(target, index)
    if (t === ignoreIndex) return 0
    let all = 0
    for (let c = 0; c < classes; c++) all += score(index, c)
    return -(1 - ε) * score(index, t) - (ε / classes) * all
  })
  if (reduction !== 'mean') return reduced(e, reduction)
  const kept = target.data.filter(t => t !== ignoreIndex)
  const total = kept.reduce((sum, t) => sum + weight(t), 0)
  return reduce(e, undefined, false, () => total)
}

function ofShares(
  x: Grid,
  t: Grid,
  w: Optional,
  { reduction = 'mean', labelSmoothing: ε = 0 }: ClassOptions = {},
) {
  const classes = x.shape[1]
  const y = logShares(x, 1)
  const e = alongDim(
    fill(
      x.shape,
      index => -(w?.data[index[1]] ?? 1) * ((1 - ε) * at(t, index) + ε / classes) * at(y, index),
    ),
    1,
    values => values.reduce((a, b) => a + b, 0),
  )
  return reduction === 'mean'
    ? reduce(e, undefined, false, () => x.data.length / classes)
    : reduced(e, reduction)
}

const classCases = [
  on([[6, 4], [6], null]),
  on([[6, 4], [6], [4]]),
  on([[6, 4], [6], [4]], { ignoreIndex: 2 }),
  on([[2, 4, 3, 3], [2, 3, 3], null]),
  on([[257, 4], [257], null], { reduction: 'sum' }),
  on([[6, 4], [6], [4]], { reduction: 'none', ignoreIndex: 1 }),
  on([[1, 4], [1], null]),
  on([[2, 4, 5], [2, 5], [4]], { reduction: 'none' }),
]

const classesAtRandom = (options: (random: Random) => ClassOptions) => (random: Random) => {
  const [n, more] = [between(random, 2, 30), sometimes(random) ? [] : [between(random, 1, 5)]]
  const weight = sometimes(random) ? [4] : null
  const reduction = oneOf(random, reductions)
  return on([[n, 4, ...more], [n, ...more], weight], {
    reduction,
    ignoreIndex: between(random, -1, 3),
    ...options(random),
  })
}

const smoothing = (random: Random) => ({ labelSmoothing: sometimes(random) ? 0 : 0.2 })
const classes = { from: ['any', { below: 4 }, 'fixed'], tolerance: 'curved' } as const

// biome-ignore format: a table reads in columns
export const losses: Rows<
  'mseLoss' | 'l1Loss' | 'smoothL1Loss' | 'huberLoss' | 'binaryCrossEntropy' | 'binaryCrossEntropyWithLogits' | 'klDiv' |
  'nllLoss' | 'crossEntropy'
> = {
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
  klDiv: {
    f: loss((a, b, { logTarget }) => (logTarget ? Math.exp(b) * (b - a) : b * (Math.log(b) - a))),
    cases: casesWith({ reduction: 'batchmean' }, { reduction: 'batchmean', logTarget: true }, { logTarget: true, reduction: 'none' }),
    generate: generate(random => ({ logTarget: sometimes(random) })),
    from: ['any', 'share'], tolerance: 'curved',
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
  nllLoss: via(
    (x: Tensor, t: Tensor, weight: Tensor | null, options?: kg.ClassLossOptions) => kg.nllLoss(x, t, { weight, ...options }),
    (x, t, w, options) => ofClasses(x, t, w, options),
    { cases: classCases, generate: classesAtRandom(none), linear: [[0]], ...classes },
  ),
  crossEntropy: via(
    (x: Tensor, t: Tensor, weight: Tensor | null, options?: kg.CrossEntropyOptions) => kg.crossEntropy(x, t, { weight, ...options }),
    (x, t, w, options) =>
      t.shape.length === x.shape.length ? ofShares(x, t, w, options) : ofClasses(logShares(x, 1), t, w, options),
    {
      cases: [
        ...classCases,
        on([[6, 4], [6], [4]], { labelSmoothing: 0.1, ignoreIndex: 0 }), on([[2, 4, 3], [2, 3], null], { labelSmoothing: 0.3, reduction: 'none' }),
        ...[
          on([[5, 4], [5, 4], null]),                       on([[5, 4], [5, 4], null], { labelSmoothing: 0.1, reduction: 'sum' }),
          on([[2, 4, 3], [2, 4, 3], null], { reduction: 'none' }),
        ].map(c => ({ ...c, from: ['any', 'share', 'fixed'] as const })),
      ],
      generate: classesAtRandom(smoothing),
      ...classes,
    },
  ),
}
