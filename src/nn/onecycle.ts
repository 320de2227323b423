import { check } from '../kernels/check.js'
import { optionsOf } from '../tensor/arguments.js'
import { defaults, names, type OneCycleOptions } from './onecycleoptions.js'
import type { Optimizer } from './optimizer.js'
import { checkOption, defined, type Rate } from './options.js'
import { checkCount, Scheduler } from './scheduler.js'

/** The steps up to `end`, in which rate and momentum change from one value to another. */
interface Phase {
  end: number
  lr: readonly [from: Level, to: Level]
  momentum: readonly [from: number, to: number]
}

type Level = 'first' | 'highest' | 'last'

/**
 * One cycle of the learning rate: up from maxLr / divFactor to maxLr, then down to almost 0, while
 * momentum falls and rises. Call `step()` after every batch; the optimizer's own lr is ignored.
 * Smith & Topin 2018, arXiv:1708.07120.
 * @throws Error for fewer than 1 step, an optimizer without momentum, or when the cycle is over
 */
export class OneCycleLR extends Scheduler {
  readonly totalSteps: number
  private readonly maxLrs: readonly number[]
  private readonly options: Readonly<typeof defaults>
  private readonly phases: readonly Phase[]

  constructor(optimizer: Optimizer, given: OneCycleOptions) {
    super(optimizer)
    optionsOf('OneCycleLR', given, names)
    const { maxLr, totalSteps, epochs = 0, stepsPerEpoch = 0, ...options } = given
    const { groups } = optimizer
    this.totalSteps = totalSteps ?? epochs * stepsPerEpoch
    checkCount('OneCycleLR', 'totalSteps (or epochs · stepsPerEpoch)', this.totalSteps)
    this.maxLrs = typeof maxLr === 'number' ? groups.map(() => maxLr) : maxLr
    check(
      this.maxLrs.length === groups.length,
      () => `OneCycleLR: ${this.maxLrs.length} values in maxLr for ${groups.length} groups`,
    )
    for (const lr of this.maxLrs) checkOption('OneCycleLR', 'maxLr', lr)
    this.options = { ...defaults, ...defined(options) }
    const { pctStart, cycleMomentum } = this.options
    check(
      pctStart >= 0 && pctStart <= 1,
      () => `OneCycleLR: pctStart is ${pctStart}; it must be from 0 to 1`,
    )
    check(
      !cycleMomentum || groups.every(group => 'momentum' in group || 'betas' in group),
      () =>
        `OneCycleLR: ${optimizer.constructor.name} has no momentum to change; ` +
        'pass cycleMomentum: false',
    )
    this.phases = this.allPhases()
    this.restart()
  }

  override restart(): void {
    this.lastEpoch = 0
    this.apply(0)
  }

  protected override advance(): void {
    check(
      this.lastEpoch < this.totalSteps,
      () => `OneCycleLR: step ${this.lastEpoch + 1} of a cycle of ${this.totalSteps}; it is over`,
    )
    this.lastEpoch++
    this.apply(this.lastEpoch)
  }

  protected rate(lr: number): number {
    return lr
  }

  private allPhases(): Phase[] {
    const { pctStart, threePhase, baseMomentum: low, maxMomentum: high } = this.options
    const last = this.totalSteps - 1
    const up = pctStart * this.totalSteps
    const rise: Phase = { end: up - 1, lr: ['first', 'highest'], momentum: [high, low] }
    if (!threePhase) return [rise, { end: last, lr: ['highest', 'last'], momentum: [low, high] }]
    return [
      rise,
      { end: 2 * up - 2, lr: ['highest', 'first'], momentum: [low, high] },
      { end: last, lr: ['first', 'last'], momentum: [high, high] },
    ]
  }

  /** Sets rates and momentum for step t. */
  private apply(t: number): void {
    const { divFactor, finalDivFactor, annealStrategy, cycleMomentum } = this.options
    const last = this.phases.length - 1
    const nth = Math.min(this.phases.filter(({ end }) => end < t).length, last)
    const { end, lr, momentum } = this.phases[nth]
    const start = nth === 0 ? 0 : this.phases[nth - 1].end
    const part = end === start ? 1 : Math.min((t - start) / (end - start), 1)
    const anneal = annealStrategy === 'cos' ? cosine : line
    for (const [i, group] of this.optimizer.groups.entries()) {
      const first = this.maxLrs[i] / divFactor
      const levels = { first, highest: this.maxLrs[i], last: first / finalDivFactor }
      group.lr = anneal(levels[lr[0]], levels[lr[1]], part)
      if (cycleMomentum) setMomentum(group, anneal(momentum[0], momentum[1], part))
    }
  }
}

function cosine(from: number, to: number, part: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * part))
}

function line(from: number, to: number, part: number): number {
  return (to - from) * part + from
}

function setMomentum(
  group: Rate & { momentum?: number; betas?: readonly number[] },
  value: number,
) {
  if (group.betas) group.betas = [value, group.betas[1]]
  else group.momentum = value
}
