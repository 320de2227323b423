/** How elements are normalised within sets: one launch where a set is short, else two. */
import {
  normFollowKernel,
  normForwardKernel,
  normGivenKernel,
  normSetsCodes,
} from '../kernels/wgsl.js'
import { aligned, compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { type Sets, spanOf, type Work, workOf } from './normwork.js'

/** What a normalisation does beside its sets. */
export interface Normalization {
  readonly op: string
  readonly sets: Sets
  readonly weight: Tensor | null
  readonly bias: Tensor | null
  readonly eps: number
  /** false: no mean is subtracted, as in RMSNorm. */
  readonly centred: boolean
}

/** y = w x̂ + b, and what norm/statistics.wgsl keeps of each set. */
export function normForward(x: Tensor, norm: Normalization): { y: Tensor; statistics: Tensor } {
  const work = workOf(norm.sets)
  const y = empty(x.shape, 'f32', norm.op)
  const statistics = empty([4 * norm.sets.sets], 'f32', norm.op)
  const source = aligned(x)
  const { constants, params } = settingsOf(norm, work)
  const { weight, bias } = norm
  const tensors = {
    x: source,
    weight: weight ? aligned(weight) : source,
    bias: bias ? aligned(bias) : source,
    y,
    statistics,
  }
  const all = { ...constants, HAS_BIAS: bias !== null }
  if (work.parts === 1) {
    run(normForwardKernel, { entry: 'whole', constants: all, params, tensors, ...work.launch })
    return { y, statistics }
  }
  const partial = empty([work.parts, work.items, 12], 'f32', norm.op)
  run(normForwardKernel, {
    entry: 'moments',
    constants: { FOUR: constants.FOUR, TOGETHER: work.together, CENTRED: norm.centred },
    params,
    tensors: { x: source, partial },
    ...work.launch,
  })
  run(normForwardKernel, {
    entry: 'normalize',
    constants: all,
    params,
    tensors: { ...tensors, partials: partial },
    ...work.launch,
  })
  return { y, statistics }
}

/** The constants and params that forward and backward have in common. */
export function settingsOf({ sets, weight, eps, centred }: Normalization, work: Work) {
  const { affine, groups = sets.sets, perGroup = 1, span = 1 } = sets
  return {
    constants: {
      FOUR: normSetsCodes[work.four],
      TOGETHER: work.together,
      AFFINE: normSetsCodes[affine],
      HAS_WEIGHT: weight !== null,
      CENTRED: centred,
    },
    params: {
      items: work.items,
      inner: work.inner,
      steps: work.steps,
      parts: work.parts,
      part: work.part,
      n: sets.outer * sets.inner,
      eps,
      groups,
      per_group: perGroup,
      span: spanOf(work, span),
      rows: groups,
      per_row: work.four === 'ACROSS' ? Math.ceil(perGroup / 4) : perGroup,
    },
  }
}

/** y = w (x − m) / √(v + ε) + b for x [n, c, …], with m, v, w and b [c]. */
export function normGiven(
  x: Tensor,
  [mean, variance, weight, bias]: readonly [Tensor, Tensor, Tensor | null, Tensor | null],
  eps: number,
): Tensor {
  const y = empty(x.shape, 'f32', 'batchNorm')
  run(normGivenKernel, {
    constants: { HAS_WEIGHT: weight !== null, HAS_BIAS: bias !== null },
    params: { size: x.size, sets: x.shape[1], inner: sizeOf(x.shape.slice(2)), eps },
    tensors: {
      x: compact(x),
      mean: compact(mean),
      variance: compact(variance),
      weight: compact(weight ?? mean),
      bias: compact(bias ?? mean),
      y,
    },
    threads: x.size,
  })
  return y
}

/** running ← (1 − momentum) · running + momentum · batch, for mean and variance. */
export function followStatistics(
  running: { mean: Tensor; variance: Tensor },
  statistics: Tensor,
  momentum: Tensor,
  sets: Sets,
): void {
  const n = sets.outer * sets.inner
  run(normFollowKernel, {
    constants: { ACROSS_SETS: workOf(sets).four === 'ACROSS' },
    params: { sets: sets.sets, unbiased: n / (n - 1) },
    tensors: { statistics, momentum, ...running },
    threads: sets.sets,
  })
  running.mean.storage.markChanged()
  running.variance.storage.markChanged()
}
