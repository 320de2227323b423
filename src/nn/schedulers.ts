/** Learning rates by a formula, each computed from the one before, so that changes by hand stay. */
import { optionsOf } from '../tensor/arguments.js'
import type { Optimizer } from './optimizer.js'
import { checkOption } from './options.js'
import { checkCount, checkMilestones, Scheduler } from './scheduler.js'

/** lr ← γ · lr at every `stepSize`-th step. */
export class StepLR extends Scheduler {
  readonly stepSize: number
  readonly gamma: number

  constructor(optimizer: Optimizer, options: { stepSize: number; gamma?: number }) {
    super(optimizer)
    const { stepSize, gamma = 0.1 } = optionsOf('StepLR', options, ['stepSize', 'gamma'])
    checkCount('StepLR', 'stepSize', stepSize)
    checkOption('StepLR', 'gamma', gamma)
    this.stepSize = stepSize
    this.gamma = gamma
  }

  protected rate(lr: number): number {
    return this.lastEpoch % this.stepSize === 0 ? lr * this.gamma : lr
  }
}

/** lr ← γ · lr at every step among the milestones. */
export class MultiStepLR extends Scheduler {
  readonly milestones: readonly number[]
  readonly gamma: number

  constructor(optimizer: Optimizer, options: { milestones: readonly number[]; gamma?: number }) {
    super(optimizer)
    const { milestones, gamma = 0.1 } = optionsOf('MultiStepLR', options, ['milestones', 'gamma'])
    checkMilestones('MultiStepLR', milestones)
    checkOption('MultiStepLR', 'gamma', gamma)
    this.milestones = milestones
    this.gamma = gamma
  }

  protected rate(lr: number): number {
    return lr * this.gamma ** this.milestones.filter(step => step === this.lastEpoch).length
  }
}

/** lr ← γ · lr at every step. */
export class ExponentialLR extends Scheduler {
  readonly gamma: number

  constructor(optimizer: Optimizer, options: { gamma: number }) {
    super(optimizer)
    const { gamma } = optionsOf('ExponentialLR', options, ['gamma'])
    checkOption('ExponentialLR', 'gamma', gamma)
    this.gamma = gamma
  }

  protected rate(lr: number): number {
    return lr * this.gamma
  }
}

/**
 * Half a cosine from the first rate down to etaMin in tMax steps, and up again in tMax steps:
 *
 *     lr(t) = etaMin + (lr(0) − etaMin) · (1 + cos(πt/tMax)) / 2
 *
 * Loshchilov & Hutter 2017, arXiv:1608.03983, without restarts.
 */
export class CosineAnnealingLR extends Scheduler {
  readonly tMax: number
  readonly etaMin: number

  constructor(optimizer: Optimizer, options: { tMax: number; etaMin?: number }) {
    super(optimizer)
    const { tMax, etaMin = 0 } = optionsOf('CosineAnnealingLR', options, ['tMax', 'etaMin'])
    checkCount('CosineAnnealingLR', 'tMax', tMax)
    checkOption('CosineAnnealingLR', 'etaMin', etaMin)
    this.tMax = tMax
    this.etaMin = etaMin
  }

  protected rate(lr: number, i: number): number {
    const { lastEpoch: t, tMax, etaMin } = this
    const height = (step: number) => 1 + Math.cos((Math.PI * step) / tMax)
    // at the lowest point the rate before is etaMin, from which no later rate can be computed
    if ((t - 1) % (2 * tMax) === tMax)
      return lr + ((this.baseLrs[i] - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2
    return (height(t) / height(t - 1)) * (lr - etaMin) + etaMin
  }
}
