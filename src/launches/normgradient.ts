/** The gradients of a normalisation: dx in one or two launches, dw and db in one or two more. */
import { normBackwardKernel, normSetsCodes, normSumsKernel } from '../kernels/wgsl.js'
import { aligned } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { type Normalization, settingsOf } from './norm.js'
import { type Sets, type Work, workOf } from './normwork.js'

/** What the forward pass read and kept. */
export interface Normalized extends Normalization {
  readonly x: Tensor
  readonly statistics: Tensor
}

/** Which gradients are wanted, and where those of weight and bias are written, in one buffer. */
export interface NormWanted {
  readonly dx: boolean
  /** Added to dx. */
  readonly before: Tensor | null
  readonly dw: Tensor | null
  readonly db: Tensor | null
}

/** dx, which is returned, and  dw = Σ dy x̂,  db = Σ dy. */
export function normGradients(norm: Normalized, dy: Tensor, wanted: NormWanted): Tensor | null {
  const [x, slope] = [aligned(norm.x), aligned(dy)]
  const work = workOf(norm.sets)
  const own = { ...norm, x }
  const perSet = norm.sets.affine === 'PER_SET'
  const sums =
    (wanted.dx && work.parts > 1) || (perSet && hasAffine(wanted))
      ? sumsOf(own, slope, norm.sets, work)
      : null
  if (hasAffine(wanted)) {
    const sets = perSet ? norm.sets : weightsOf(norm.sets)
    const of = perSet ? work : workOf(sets)
    total(sums && perSet ? sums : sumsOf(own, slope, sets, of), of, wanted)
  }
  return wanted.dx ? spread(own, slope, { sums, work, before: wanted.before }) : null
}

function hasAffine({ dw, db }: NormWanted): boolean {
  return dw !== null || db !== null
}

/** x by weights, where sets of other elements were rows: x [outer, weights, inner]. */
function weightsOf({ sets, inner, groups = 1, perGroup = inner, span = 1 }: Sets): Sets {
  const outer = sets / groups
  return { outer, sets: groups * perGroup, inner: span, affine: 'PER_SET', perGroup }
}

/** Σ g and Σ g x̂ of each part of an item: for dx, or by weights for dw and db. */
function sumsOf(norm: Normalized, dy: Tensor, sets: Sets, work: Work): Tensor {
  const { constants, params } = settingsOf(norm, work)
  const partial = empty([work.parts, work.items, 8], 'f32', norm.op)
  run(normSumsKernel, {
    entry: 'main',
    constants: {
      ...constants,
      AFFINE: normSetsCodes[sets.affine],
      BY_ROW: sets !== norm.sets,
    },
    params,
    tensors: {
      x: norm.x,
      weight: norm.weight ? aligned(norm.weight) : norm.x,
      dy,
      statistics: norm.statistics,
      partial,
    },
    ...work.launch,
  })
  return partial
}

function total(partials: Tensor, { four, items, parts }: Work, { dw, db }: NormWanted): void {
  run(normSumsKernel, {
    entry: 'total',
    constants: { FOUR: normSetsCodes[four], HAS_DW: dw !== null, HAS_DB: db !== null },
    params: { items, parts, dw_offset: dw?.offset ?? 0, db_offset: db?.offset ?? 0 },
    tensors: { partials, gradients: (dw ?? db)! },
    threads: items,
  })
}

interface Spread {
  /** null: a set is one part, and sums up itself. */
  readonly sums: Tensor | null
  readonly work: Work
  readonly before: Tensor | null
}

function spread(norm: Normalized, dy: Tensor, { sums, work, before }: Spread): Tensor {
  const dx = empty(norm.x.shape, 'f32', norm.op)
  const { constants, params } = settingsOf(norm, work)
  const common = { constants: { ...constants, ADD: before !== null }, params, ...work.launch }
  const tensors = {
    x: norm.x,
    weight: norm.weight ? aligned(norm.weight) : norm.x,
    dy,
    statistics: norm.statistics,
    before: before ? aligned(before) : norm.x,
    dx,
  }
  if (sums)
    run(normBackwardKernel, { entry: 'spread', ...common, tensors: { ...tensors, partials: sums } })
  else run(normBackwardKernel, { entry: 'whole', ...common, tensors })
  return dx
}
