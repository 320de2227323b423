/** Normalisation of each channel of each sample. */

import { add, mul, sub } from '../autograd/ops/arithmetic.js'
import { batchNorm } from '../autograd/ops/batchnorm.js'
import { groupNorm } from '../autograd/ops/norm.js'
import { mean } from '../autograd/ops/sum.js'
import { variance } from '../autograd/ops/variance.js'
import { noGrad } from '../autograd/tape.js'
import { optionsOf } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import type { Tensor } from '../tensor/tensor.js'
import { BatchNorm, type BatchNormLayerOptions, batchNormOptions } from './batchnorm.js'

/**
 * A set is a channel of one sample. By default there are no weights and no running statistics.
 *
 *   y = w (x − m) / √(v + ε) + b      m, v: mean and variance (divided by its size) of x's set
 *
 * With running statistics, training adds the mean of the samples' own to them, and evaluation
 * normalises by them.   Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022.
 */
abstract class InstanceNorm extends BatchNorm {
  constructor(features: number, options: BatchNormLayerOptions = {}) {
    const given = optionsOf(new.target.name, options, batchNormOptions)
    super(features, { affine: false, trackRunningStats: false, ...given })
  }

  override forward(x: Tensor): Tensor {
    this.checkInput(x)
    const { weight, bias, runningMean, runningVar, eps } = this
    if (!this.training && runningMean)
      return batchNorm(x, { weight, bias, eps, runningMean, runningVar })
    if (runningMean && runningVar)
      noGrad(() => {
        const momentum = this.countBatch()
        const before = typeof momentum === 'number' ? 1 - momentum : sub(1, momentum)
        const dims = Array.from(x.shape.keys()).slice(2)
        const update = (running: Tensor, now: Tensor) =>
          assign(running, add(mul(running, before), mul(now, momentum)))
        update(runningMean, mean(x, [0, ...dims]))
        update(runningVar, mean(variance(x, dims), 0))
      })
    return groupNorm(x, this.features, { weight, bias, eps })
  }
}

/** Normalises each channel of each sample.   x [n, c, l] */
export class InstanceNorm1d extends InstanceNorm {
  protected readonly ranks = [3]
}

/** Normalises each channel of each sample.   x [n, c, h, w] */
export class InstanceNorm2d extends InstanceNorm {
  protected readonly ranks = [4]
}
