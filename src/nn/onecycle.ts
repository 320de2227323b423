import { check } from '../kernels/check.js'
import type { Optimizer } from './optimizer.js'
import { checkOption, defined, type Rate } from './options.js'
import { checkCount, Scheduler } from './scheduler.js'

export interface OneCycleOptions {
  /** The rate at the top, for all groups or for each. */
  maxLr: number | readonly number[]
  /** Steps of the whole cycle; or say epochs and stepsPerEpoch. */
  totalSteps?: number
  epochs?: number
  stepsPerEpoch?: number
  /** Share of the cycle in which the rate rises. */
  pctStart?: number
  /** How it goes from one value to the next. */
  annealStrategy?: 'cos' | 'linear'
  /** Whether momentum (Adam: the first beta) moves the other way. */
  cycleMomentum?: boolean
  baseMomentum?: number
  maxMomentum?: number
  /** The first rate is maxLr / divFactor. */
  divFactor?: number
  /** The last rate is the first / finalDivFactor. */
  finalDivFactor?: number
  /** Come down to the first rate as steeply as it went up, then on to the last. */
  threePhase?: boolean
}

/** Up to step `end`, from one rate and momentum to another. */
interface Phase {
  end: number
  lr: readonly [from: Height, to: Height]
  momentum: readonly [from: number, to: number]
}

type Height = 'first' | 'top' | 'last'

/**
 * One cycle of the learning rate: up from maxLr / divFactor to maxLr, down to nearly nothing, while momentum
 * goes down and up. `step()` follows every batch; the optimizer's own lr does not matter.
 * Smith & Topin 2018, arXiv:1708.07120.
 * @throws Error when steps are fewer than 1, momentum cannot be moved, or the cycle is over
 */
export class OneCycleLR extends Scheduler {
  readonly totalSteps: number
  private readonly tops: readonly number[]
  private readonly options: Required<
    Omit<OneCycleOptions, 'maxLr' | 'totalSteps' | 'epochs' | 'stepsPerEpoch'>
  >
  private readonly phases: readonly Phase[]

  constructor(
    optimizer: Optimizer,
    { maxLr, totalSteps, epochs = 0, stepsPerEpoch = 0, ...options }: OneCycleOptions,
  ) {
    super(optimizer)
    const { groups } = optimizer
    this.totalSteps = totalSteps ?? epochs * stepsPerEpoch
    checkCount('OneCycleLR', 'totalSteps (or epochs · stepsPerEpoch)', this.totalSteps)
    this.tops = typeof maxLr === 'number' ? groups.map(() => maxLr) : maxLr
    check(
      this.tops.length === groups.length,
      () => `OneCycleLR: ${this.tops.length} values in maxLr for ${groups.length} groups`,
    )
    for (const top of this.tops) checkOption('OneCycleLR', 'maxLr', top)
    this.options = {
      pctStart: 0.3,
      annealStrategy: 'cos',
      cycleMomentum: true,
      baseMomentum: 0.85,
      maxMomentum: 0.95,
      divFactor: 25,
      finalDivFactor: 1e4,
      threePhase: false,
      ...defined(options),
    }
    const { pctStart, cycleMomentum } = this.options
    check(
      pctStart >= 0 && pctStart <= 1,
      () => `OneCycleLR: pctStart is ${pctStart}; it must be from 0 to 1`,
    )
    check(
      !cycleMomentum || groups.every(group => 'momentum' in group || 'betas' in group),
      () =>
        `OneCycleLR: ${optimizer.constructor.name} has no momentum to move; pass cycleMomentum: false`,
    )
    this.phases = this.plan()
    this.moveTo(0)
  }

  override step(): void {
    check(
      this.lastEpoch < this.totalSteps,
      () => `OneCycleLR: step ${this.lastEpoch + 1} of a cycle of ${this.totalSteps}; it is over`,
    )
    this.lastEpoch++
    this.moveTo(this.lastEpoch)
  }

  protected rate(lr: number): number {
    return lr
  }

  private plan(): Phase[] {
    const { pctStart, threePhase, baseMomentum: low, maxMomentum: high } = this.options
    const last = this.totalSteps - 1
    const up = pctStart * this.totalSteps
    const rise: Phase = { end: up - 1, lr: ['first', 'top'], momentum: [high, low] }
    if (!threePhase) return [rise, { end: last, lr: ['top', 'last'], momentum: [low, high] }]
    return [
      rise,
      { end: 2 * up - 2, lr: ['top', 'first'], momentum: [low, high] },
      { end: last, lr: ['first', 'last'], momentum: [high, high] },
    ]
  }

  private moveTo(t: number): void {
    const { divFactor, finalDivFactor, annealStrategy, cycleMomentum } = this.options
    const last = this.phases.length - 1
    const nth = Math.min(this.phases.filter(({ end }) => end < t).length, last)
    const { end, lr, momentum } = this.phases[nth]
    const start = nth === 0 ? 0 : this.phases[nth - 1].end
    const share = end === start ? 1 : Math.min((t - start) / (end - start), 1)
    const anneal = annealStrategy === 'cos' ? cosine : line
    for (const [i, group] of this.optimizer.groups.entries()) {
      const first = this.tops[i] / divFactor
      const heights = { first, top: this.tops[i], last: first / finalDivFactor }
      group.lr = anneal(heights[lr[0]], heights[lr[1]], share)
      if (cycleMomentum) setMomentum(group, anneal(momentum[0], momentum[1], share))
    }
  }
}

function cosine(from: number, to: number, share: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share))
}

function line(from: number, to: number, share: number): number {
  return (to - from) * share + from
}

function setMomentum(
  group: Rate & { momentum?: number; betas?: readonly number[] },
  value: number,
) {
  if (group.betas) group.betas = [value, group.betas[1]]
  else group.momentum = value
}
