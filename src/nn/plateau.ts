import { check } from '../kernels/check.js'
import { refuseToRecord } from '../kernels/recording.js'
import type { Optimizer } from './optimizer.js'
import { checkOption, defined } from './options.js'
import { Scheduler, type SchedulerState } from './scheduler.js'

export interface PlateauOptions {
  /** Whether the metric should become small or large. */
  mode?: 'min' | 'max'
  /** What the rate is multiplied by, below 1. */
  factor?: number
  /** Steps without improvement that are borne. */
  patience?: number
  /** What counts as an improvement, as a share of the best or as a difference from it. */
  threshold?: number
  thresholdMode?: 'rel' | 'abs'
  /** Steps after a reduction in which nothing is counted. */
  cooldown?: number
  /** Where the rate stops, for all groups or for each. */
  minLr?: number | readonly number[]
  /** Reductions up to this size are left out. */
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
    this.options = {
      mode: 'min',
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: 'rel',
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
      ...defined(options),
    }
    const { factor, minLr } = this.options
    checkOption('ReduceLROnPlateau', 'factor', factor, 1)
    check(
      typeof minLr === 'number' || minLr.length === optimizer.groups.length,
      () =>
        `ReduceLROnPlateau: ${(minLr as number[]).length} values in minLr for ${optimizer.groups.length} groups`,
    )
  }

  override step(metric?: number): void {
    refuseToRecord(
      () =>
        'ReduceLROnPlateau judges a number that was read, which a step cannot; call its step() outside',
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
