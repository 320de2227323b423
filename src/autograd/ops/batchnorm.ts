/** Batch normalisation: the norm whose sets span the batch, with running statistics for later. */
import { check } from '../../kernels/check.js'
import { optionsOf } from '../../tensor/arguments.js'
import { assign } from '../../tensor/contiguous.js'
import { show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { noGrad } from '../tape.js'
import { add, div, mul, sub } from './arithmetic.js'
import { sqrt } from './elementwise.js'
import { checkChannels, type NormOptions, perChannel, scaleAndShift, standardize } from './norm.js'
import { checkFloat, type Operand } from './operands.js'
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
  const [w, b] = [perChannel(weight, x.shape), perChannel(bias, x.shape)]
  if (!training) {
    check(
      runningMean && runningVar,
      () => `${op}: not training, and no running statistics; pass runningMean and runningVar`,
    )
    const [m, v] = [perChannel(runningMean, x.shape), perChannel(runningVar, x.shape)]
    return scaleAndShift(div(sub(x, m), sqrt(add(v, eps))), w, b)
  }
  const dims = [...x.shape.keys()].filter(d => d !== 1)
  const n = sizeOf(dims.map(d => x.shape[d]))
  check(
    n !== 1,
    () => `${op}: x is ${show(x.shape)}; training needs more than one element per channel`,
  )
  const { y, m, v } = standardize(x, dims, eps)
  if (n > 0)
    noGrad(() => {
      if (runningMean) update(runningMean, m, momentum)
      if (runningVar) update(runningVar, mul(v, n / (n - 1)), momentum)
    })
  return scaleAndShift(y, w, b)
}

/** running ← (1 − momentum) · running + momentum · batch */
function update(running: Tensor, batch: Tensor, momentum: Operand): void {
  const now = reshape(batch, running.shape)
  const before = typeof momentum === 'number' ? 1 - momentum : sub(1, momentum)
  assign(running, add(mul(running, before), mul(now, momentum)))
}
