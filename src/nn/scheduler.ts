/** What every scheduler does: change the groups' learning rates, step by step, and say where it stands. */
import { check } from '../kernels/check.js'
import { eachTime } from '../kernels/recording.js'
import type { Optimizer } from './optimizer.js'
import { strangeOptions } from './options.js'

/** Where a scheduler stands, as plain JSON. */
export type SchedulerState = Record<string, number | null | number[]>

/**
 * A rule for the learning rate. Call `step()` after the optimizer's steps of an epoch (of a batch, for
 * OneCycleLR); it changes `lr` in the optimizer's groups, from which the next step takes it.
 */
export abstract class Scheduler {
  /** Steps taken so far. */
  lastEpoch = 0
  /** The groups' learning rates at the beginning. */
  readonly baseLrs: readonly number[]

  constructor(readonly optimizer: Optimizer) {
    this.baseLrs = this.lastLr
  }

  /** The groups' learning rates now. */
  get lastLr(): number[] {
    return this.optimizer.groups.map(({ lr }) => lr)
  }

  /** Sets the next learning rates. Only ReduceLROnPlateau wants a metric. */
  step(_metric?: number): void {
    eachTime(() => {
      this.lastEpoch++
      for (const [i, group] of this.optimizer.groups.entries()) group.lr = this.rate(group.lr, i)
    })
  }

  /** The rate of group i after `lastEpoch` steps, from the one before. */
  protected abstract rate(lr: number, i: number): number

  /** Where it stands; the rates themselves belong to the optimizer's state. */
  stateDict(): SchedulerState {
    return { lastEpoch: this.lastEpoch, baseLrs: [...this.baseLrs] }
  }

  /**
   * Goes on from a state of `stateDict()`. Load the optimizer's state too: it holds the rates.
   * @throws Error that names everything that is missing, unexpected or of another kind; nothing is changed then
   */
  loadStateDict(state: SchedulerState): void {
    const own = this.stateDict()
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
