/** Losses of classes. */
import * as kg from '../../../src/index.js'
import { between, oneOf, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid, reduce } from '../reference.js'
import { on, type Rows, via } from '../row.js'
import { reduced, reductions } from './losses.js'
import { alongDim, logShares } from './softmax.js'

type Tensor = kg.Tensor
type Optional = Grid | null | undefined

interface ClassOptions {
  reduction?: 'mean' | 'sum' | 'none'
  ignoreIndex?: number
  labelSmoothing?: number
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
export const rows: Rows<'nllLoss' | 'crossEntropy'> = {
  nllLoss: via(
    (x: Tensor, t: Tensor, weight: Tensor | null, options?: kg.ClassLossOptions) => kg.nllLoss(x, t, { weight, ...options }),
    (x, t, w, options) => ofClasses(x, t, w, options),
    { cases: classCases, generate: classesAtRandom(() => ({})), linear: [[0]], ...classes },
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
