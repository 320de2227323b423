import { check } from '../kernels/check.js'
import { refuseToRecord } from '../kernels/recording.js'
import { described, optionsOf } from '../tensor/arguments.js'
import type { Optimizer } from './optimizer.js'
import { checkOption, defined } from './options.js'
import { Scheduler, type SchedulerState } from './scheduler.js'

export interface PlateauOptions {
  /** Whether a small or a large metric is good. */
  mode?: 'min' | 'max'
  /** The factor on the rate, below 1. */
  factor?: number
  /** The number of steps without improvement before the rate falls. */
  patience?: number
  /** The least improvement that counts, relative to the best metric or absolute. */
  threshold?: number
  thresholdMode?: 'rel' | 'abs'
  /** The number of steps after a reduction that are not counted. */
  cooldown?: number
  /** The lowest rate, for all groups or for each. */
  minLr?: number | readonly number[]
  /** A reduction that is not larger than this is omitted. */
  eps?: number
}

/** lr ← factor · lr when a metric has not improved for more than `patience` steps. */
export class ReduceLROnPlateau extends Scheduler {
  /** The best metric so far. */
  best: number | null = null
  numBadEpochs = 0
  cooldownCounter = 0
  private readonly options: Required<PlateauOptions>

  constructor(optimizer: Optimizer, options: PlateauOptions = {}) {
    super(optimizer)
    const defaults: Required<PlateauOptions> = {
      mode: 'min',
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: 'rel',
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
    }
    optionsOf('ReduceLROnPlateau', options, Object.keys(defaults) as (keyof PlateauOptions)[])
    this.options = { ...defaults, ...defined(options) }
    const { factor, minLr } = this.options
    checkOption('ReduceLROnPlateau', 'factor', factor, 1)
    check(
      typeof minLr === 'number' || minLr?.length === optimizer.groups.length,
      () =>
        `ReduceLROnPlateau: minLr is ${described(minLr)}; it must be a number, ` +
        `or a list of ${optimizer.groups.length}, one per group`,
    )
  }

  override step(metric?: number): void {
    refuseToRecord(
      () =>
        'ReduceLROnPlateau needs a metric that was read from the GPU; ' +
        'call its step() outside of the compiled step',
    )
    check(
      typeof metric === 'number',
      () => `ReduceLROnPlateau: the metric is ${metric}; it is a number, like await loss.item()`,
    )
    const { patience, cooldown } = this.options
    if (this.improves(metric)) {
      this.best = metric
      this.numBadEpochs = 0
    } else this.numBadEpochs++
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--
      this.numBadEpochs = 0
    }
    if (this.numBadEpochs <= patience) {
      this.lastEpoch++
      return
    }
    this.cooldownCounter = cooldown
    this.numBadEpochs = 0
    super.step()
  }

  override stateDict(): SchedulerState {
    const { best, numBadEpochs, cooldownCounter } = this
    return { ...super.stateDict(), best, numBadEpochs, cooldownCounter }
  }

  protected rate(lr: number, i: number): number {
    const { factor, minLr, eps } = this.options
    const reduced = Math.max(lr * factor, typeof minLr === 'number' ? minLr : minLr[i])
    return lr - reduced > eps ? reduced : lr
  }

  private improves(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.options
    const sign = mode === 'min' ? 1 : -1
    const best = this.best ?? sign * Infinity
    const wanted = thresholdMode === 'rel' ? best * (1 - sign * threshold) : best - sign * threshold
    return sign * metric < sign * wanted
  }
}
