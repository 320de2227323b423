/** Batch normalisation: the norm whose sets span the batch, with running statistics for later. */
import { check } from '../../kernels/check.js'
import { followStatistics, normGiven } from '../../launches/norm.js'
import type { Sets } from '../../launches/normwork.js'
import { optionsOf } from '../../tensor/arguments.js'
import { assign, copy } from '../../tensor/contiguous.js'
import { zeros } from '../../tensor/create.js'
import { show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { add, div, mul, sub } from './arithmetic.js'
import { sqrt } from './elementwise.js'
import { sumTo } from './expand.js'
import { checkChannels, type NormOptions, perChannel } from './norm.js'
import { normalized } from './normalized.js'
import { checkFloat, numberAs, type Operand } from './operands.js'
import { normOptions } from './optionnames.js'
import { reshape } from './reshape.js'

export interface BatchNormOptions extends NormOptions {
  /** [c]: mean and variance over many batches. Training updates them; otherwise they are used. */
  runningMean?: Tensor | null
  runningVar?: Tensor | null
  /** true: normalise by this batch's statistics; false, the default: by the running ones. */
  training?: boolean
  /** Weight of the new batch in the running statistics; 0.1 by default. */
  momentum?: Operand
}

const statistics = ['runningMean', 'runningVar', 'training', 'momentum'] as const
const batchNormOptions = [...normOptions, ...statistics] as const

/**
 * A set is a channel of the whole batch.   x [n, c] or [n, c, ...]   w, b, running statistics [c]
 *
 *   running ← (1 − momentum) · running + momentum · batch      in training; the variance with n − 1
 *
 * Ioffe & Szegedy 2015, arXiv:1502.03167.
 * @throws Error when shapes do not fit, when training with one element per channel, or when not
 * training without running statistics
 */
export function batchNorm(x: Tensor, options: BatchNormOptions = {}): Tensor {
  const op = 'batchNorm'
  const {
    weight = null,
    bias = null,
    runningMean = null,
    runningVar = null,
    training = false,
    momentum = 0.1,
    eps = 1e-5,
  } = optionsOf(op, options, batchNormOptions)
  checkFloat(op, x)
  check(x.rank >= 2, () => `${op}: x is ${show(x.shape)}; it must be [n, c] or [n, c, ...]`)
  checkChannels(op, x.shape, weight, bias, runningMean, runningVar)
  if (!training) {
    check(
      runningMean && runningVar,
      () => `${op}: not training, and no running statistics; pass runningMean and runningVar`,
    )
    return byRunning(x, runningMean, runningVar, [weight, bias], eps)
  }
  const dims = [...x.shape.keys()].filter(d => d !== 1)
  const [samples, channels, ...pixels] = x.shape
  const n = sizeOf(dims.map(d => x.shape[d]))
  check(
    n !== 1,
    () => `${op}: x is ${show(x.shape)}; training needs more than one element per channel`,
  )
  const sets = { outer: samples, sets: channels, inner: sizeOf(pixels), affine: 'PER_SET' } as const
  const { shape } = x
  const over = perChannel(shape)
  const norm = { op, sets, shape, dims, weight, bias, over, eps, centred: true }
  const { y, statistics } = normalized(x, norm)
  if (n > 0 && (runningMean || runningVar))
    follow([runningMean, runningVar], statistics, weightOf(momentum), sets)
  return y
}

/** The momentum as a tensor. */
function weightOf(momentum: Operand): Tensor {
  const t = typeof momentum === 'number' ? numberAs('batchNorm', momentum, 'f32') : momentum
  checkFloat('batchNorm', t)
  check(t.size === 1, () => `batchNorm: momentum is ${show(t.shape)}; it must be one number`)
  return t
}

type Channel = Tensor | null

/** y = w (x − m) / √(v + ε) + b, by running statistics, to which no gradient passes. */
function byRunning(x: Tensor, m: Tensor, v: Tensor, [w, b]: Channel[], eps: number): Tensor {
  const over = (t: Tensor) => reshape(t, perChannel(x.shape))
  const s = () => sqrt(add(over(v), eps))
  const back = (dy: Tensor) => reshape(sumTo(dy, perChannel(x.shape)), m.shape)
  return record('batchNorm', normGiven(x, [m, v, w, b], eps), [
    [x, dy => div(w ? mul(dy, over(w)) : dy, s())],
    [m, null],
    [v, null],
    w && [w, dy => back(mul(dy, div(sub(x, over(m)), s())))],
    b && [b, back],
  ])
}

/** Moves the running statistics, in place where the kernel can write to both. */
function follow(running: Channel[], statistics: Tensor, momentum: Tensor, sets: Sets): void {
  const [first, second] = running
  const inPlace =
    running.every(t => t?.isContiguous) && first?.storage.lease !== second?.storage.lease
  const [mean, variance] = running.map(t =>
    t === null ? zeros([sets.sets]) : inPlace ? t : copy(t),
  )
  followStatistics({ mean, variance }, statistics, momentum, sets)
  if (inPlace) return
  if (first) assign(first, mean)
  if (second) assign(second, variance)
}
