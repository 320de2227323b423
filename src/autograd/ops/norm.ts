/**
 * Normalisation: elements brought to mean 0 and variance 1 within sets, then stretched and moved. What
 * the norms differ in is which elements form a set.
 *
 *   x̂ = (x − m) / √(v + ε)      y = w x̂ + b      m, v: mean and variance (divided by n) of the set of x
 */
import { check } from '../../kernels/check.js'
import { assign } from '../../tensor/contiguous.js'
import { show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { noGrad } from '../tape.js'
import { add, div, mul, sub } from './arithmetic.js'
import { sqrt } from './elementwise.js'
import { checkFloat, type Operand } from './operands.js'
import { square } from './pow.js'
import { reshape } from './reshape.js'
import { mean } from './sum.js'

export interface NormOptions {
  /** w, what x̂ is multiplied by; 1 by default. */
  weight?: Tensor | null
  /** b, what is added then; 0 by default. */
  bias?: Tensor | null
  /** ε, which keeps the quotient finite where all elements are equal. */
  eps?: number
}

export interface BatchNormOptions extends NormOptions {
  /** [c]: means and variances over many batches. Used when not training, brought up to date when training. */
  runningMean?: Tensor | null
  runningVar?: Tensor | null
  /** Whether the sets are this batch's (true) or the running statistics stand for them (false, the default). */
  training?: boolean
  /** What share of the running statistics a batch replaces. */
  momentum?: Operand
}

/**
 * A set is the last dims of x, one for each position before them.   x [..., ...normalizedShape]   w, b normalizedShape
 * Ba, Kiros & Hinton 2016, arXiv:1607.06450.
 * @throws Error when x does not end in normalizedShape
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  { weight = null, bias = null, eps = 1e-5 }: NormOptions = {},
): Tensor {
  const shape = [normalizedShape].flat()
  const dims = shape.map((_, i) => x.rank - shape.length + i)
  checkFloat('layerNorm', x)
  check(
    shape.length > 0 &&
      show(x.shape.slice(-shape.length)) === show(shape) &&
      [weight, bias].every(t => !t || show(t.shape) === show(shape)),
    () =>
      `layerNorm: x is ${show(x.shape)}${given(weight, bias)}, normalizedShape ${show(shape)}; x must end in it, weight and bias be of it`,
  )
  return affine(standardize(x, dims, eps).y, weight, bias)
}

/**
 * A set is a group of channels of one sample.   x [n, c, ...]   w, b [c]
 * Wu & He 2018, arXiv:1803.08494.
 * @throws Error when the groups do not divide the channels
 */
export function groupNorm(
  x: Tensor,
  groups: number,
  { weight = null, bias = null, eps = 1e-5 }: NormOptions = {},
): Tensor {
  checkFloat('groupNorm', x)
  const [n, c = 0, ...rest] = x.shape
  check(
    x.rank >= 2 && Number.isInteger(groups) && groups > 0 && c % groups === 0,
    () =>
      `groupNorm: x is ${show(x.shape)} in ${groups} groups; x is [n, c, ...], and groups divides c`,
  )
  checkChannels('groupNorm', x, weight, bias)
  const sets = reshape(x, [n, groups, (c / groups) * sizeOf(rest)])
  const y = reshape(standardize(sets, [2], eps).y, x.shape)
  return affine(y, perChannel(weight, x), perChannel(bias, x))
}

/**
 * A set is a channel of the whole batch.   x [n, c] or [n, c, ...]   w, b, running statistics [c]
 *
 * In training the running statistics move by `momentum` towards the batch's, the variance with n − 1.
 * Ioffe & Szegedy 2015, arXiv:1502.03167.
 * @throws Error when shapes do not fit, when training on one element a channel, or when evaluating without statistics
 */
export function batchNorm(
  x: Tensor,
  {
    weight = null,
    bias = null,
    runningMean = null,
    runningVar = null,
    training = false,
    momentum = 0.1,
    eps = 1e-5,
  }: BatchNormOptions = {},
): Tensor {
  const op = 'batchNorm'
  checkFloat(op, x)
  check(x.rank >= 2, () => `${op}: x is ${show(x.shape)}; it must be [n, c] or [n, c, ...]`)
  checkChannels(op, x, weight, bias, runningMean, runningVar)
  const [w, b] = [perChannel(weight, x), perChannel(bias, x)]
  if (!training) {
    check(
      runningMean && runningVar,
      () => `${op}: not training, and no running statistics; pass runningMean and runningVar`,
    )
    const [m, v] = [perChannel(runningMean, x)!, perChannel(runningVar, x)!]
    return affine(div(sub(x, m), sqrt(add(v, eps))), w, b)
  }
  const dims = [...x.shape.keys()].filter(d => d !== 1)
  const n = sizeOf(dims.map(d => x.shape[d]))
  check(
    n !== 1,
    () => `${op}: x is ${show(x.shape)}; training needs more than one element a channel`,
  )
  const { y, m, v } = standardize(x, dims, eps)
  if (n > 0)
    noGrad(() => {
      if (runningMean) move(runningMean, m, momentum)
      if (runningVar) move(runningVar, mul(v, n / (n - 1)), momentum)
    })
  return affine(y, w, b)
}

/** x̂, and the mean and variance that it was made with, over the dims given. */
function standardize(x: Tensor, dims: readonly number[], eps: number) {
  const m = mean(x, dims, { keepdim: true })
  const d = sub(x, m)
  const v = mean(square(d), dims, { keepdim: true })
  return { y: div(d, sqrt(add(v, eps))), m, v }
}

function affine(x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const scaled = weight ? mul(x, weight) : x
  return bias ? add(scaled, bias) : scaled
}

/** running ← (1 − momentum) · running + momentum · batch */
function move(running: Tensor, batch: Tensor, momentum: Operand): void {
  const now = reshape(batch, running.shape)
  assign(
    running,
    add(
      mul(running, typeof momentum === 'number' ? 1 - momentum : sub(1, momentum)),
      mul(now, momentum),
    ),
  )
}

/** [c] as [c, 1, …], so that it broadcasts over x [n, c, …]. */
function perChannel(t: Tensor | null, x: Tensor): Tensor | null {
  return t && reshape(t, [x.shape[1], ...x.shape.slice(2).map(() => 1)])
}

function checkChannels(op: string, x: Tensor, ...given: (Tensor | null)[]): void {
  for (const t of given)
    check(
      !t || show(t.shape) === show([x.shape[1]]),
      () =>
        `${op}: x is ${show(x.shape)} and one of weight, bias and statistics ${show(t!.shape)}; they must be [${x.shape[1]}], a number a channel`,
    )
}

function given(weight: Tensor | null, bias: Tensor | null): string {
  const shapes = { weight, bias }
  return Object.entries(shapes)
    .map(([name, t]) => (t ? `, the ${name} ${show(t.shape)}` : ''))
    .join('')
}
