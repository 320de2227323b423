/** The base of all schedulers: changes the groups' learning rates step by step. */
import { check } from '../kernels/check.js'
import { eachTime } from '../kernels/recording.js'
import { described } from '../tensor/arguments.js'
import type { Optimizer } from './optimizer.js'
import { strangeOptions } from './options.js'

/** A scheduler's state, as plain JSON. */
export interface SchedulerState {
  [name: string]: number | null | number[] | SchedulerState[]
}

/** The rate of each group before any scheduler changed it. */
const initialRates = new WeakMap<object, number>()

/**
 * A rule for the learning rate. Call `step()` after the optimizer's steps of an epoch (OneCycleLR:
 * of a batch); it changes `lr` in the optimizer's groups, which the next optimizer step reads.
 *
 * A scheduler of your own extends this class. It defines `rate`, and `firstRate` if the first step
 * shall not have the optimizer's rate; then its constructor ends with `this.restart()`:
 *
 *     class InverseSquareRoot extends nn.Scheduler {
 *       protected rate(_lr: number, i: number) {
 *         return this.baseLrs[i] / Math.sqrt(this.lastEpoch + 1)
 *       }
 *     }
 */
export abstract class Scheduler {
  /** The number of steps so far. */
  lastEpoch = 0
  /** The groups' learning rates before the first scheduler of this optimizer. */
  readonly baseLrs: readonly number[]

  constructor(readonly optimizer: Optimizer) {
    const { name } = this.constructor
    check(
      optimizer instanceof Object && 'groups' in optimizer,
      () => `${name}: got ${described(optimizer)} where an optimizer belongs`,
    )
    this.baseLrs = optimizer.groups.map(group => {
      initialRates.set(group, initialRates.get(group) ?? group.lr)
      return initialRates.get(group)!
    })
  }

  /** The groups' present learning rates. */
  get lastLr(): number[] {
    return this.optimizer.groups.map(({ lr }) => lr)
  }

  /**
   * Sets the next learning rates. Only ReduceLROnPlateau needs a metric, and only
   * CosineAnnealingWarmRestarts takes an epoch.
   */
  step(_metric?: number): void {
    eachTime(() => this.advance())
  }

  /** What a step does, now and at every replay. */
  protected advance(): void {
    this.lastEpoch++
    for (const [i, group] of this.optimizer.groups.entries()) group.lr = this.rate(group.lr, i)
  }

  /** Begins anew: sets the rates of step 0. */
  restart(): void {
    this.lastEpoch = 0
    for (const [i, group] of this.optimizer.groups.entries())
      group.lr = this.firstRate(this.baseLrs[i], i)
  }

  /** The rate of group i before the first step. */
  protected firstRate(base: number, _i: number): number {
    return base
  }

  /** The rate of group i after `lastEpoch` steps, from the one before. */
  protected abstract rate(lr: number, i: number): number

  /** The scheduler's own state; the rates belong to the optimizer's state. */
  stateDict(): SchedulerState {
    return { lastEpoch: this.lastEpoch, baseLrs: [...this.baseLrs] }
  }

  /**
   * Continues from a state of `stateDict()`. Load the optimizer's state too: it holds the rates.
   * @throws Error that names what is missing, unexpected or of another type; nothing changes then
   */
  loadStateDict(state: SchedulerState): void {
    this.load(state, this.stateDict())
  }

  /** Sets properties from a state that must be like `own`. */
  protected load(state: SchedulerState, own: SchedulerState): void {
    check(
      typeof state === 'object' && state !== null,
      () => `${this.constructor.name}: loadStateDict: got ${described(state)} for a state`,
    )
    const complaints = [
      ...strangeOptions(state, own),
      ...Object.entries(state)
        .filter(([name, value]) => Array.isArray(value) && value.length !== lengthOf(own[name]))
        .map(
          ([name, value]) => `${name} is for ${lengthOf(value)} groups, not ${lengthOf(own[name])}`,
        ),
    ]
    check(
      complaints.length === 0,
      () =>
        `${this.constructor.name}: loadStateDict: ${complaints.join('; ')}; nothing was changed`,
    )
    Object.assign(this, structuredClone(state))
  }
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}

/** @throws Error unless the number is whole and at least 1 */
export function checkCount(name: string, what: string, value: number): void {
  check(
    Number.isInteger(value) && value >= 1,
    () => `${name}: ${what} is ${value}; it must be a whole number from 1 up`,
  )
}

/** @throws Error unless it is a list of whole numbers from 0 up */
export function checkMilestones(name: string, list: readonly number[]): void {
  check(
    Array.isArray(list) && list.every(step => Number.isInteger(step) && step >= 0),
    () => `${name}: milestones is ${described(list)}; it must be a list of whole numbers from 0 up`,
  )
}
