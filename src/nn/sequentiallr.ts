import { check } from '../kernels/check.js'
import { checkList, described, optionsOf } from '../tensor/arguments.js'
import type { Optimizer } from './optimizer.js'
import { ReduceLROnPlateau } from './plateau.js'
import { checkMilestones, Scheduler, type SchedulerState } from './scheduler.js'

/**
 * Schedulers one after the other, such as a warm-up and a cosine: the first until step
 * milestones[0], the next, from its own beginning, until milestones[1], and so on.
 *
 *     const warmUp = new nn.LinearLR(optimizer, { startFactor: 0.1, totalIters: 5 })
 *     const cosine = new nn.CosineAnnealingLR(optimizer, { tMax: 95 })
 *     new nn.SequentialLR(optimizer, { schedulers: [warmUp, cosine], milestones: [5] })
 *
 * @throws Error unless there is one milestone less than schedulers, which are of this optimizer
 */
export class SequentialLR extends Scheduler {
  readonly schedulers: readonly Scheduler[]
  readonly milestones: readonly number[]

  constructor(
    optimizer: Optimizer,
    options: { schedulers: readonly Scheduler[]; milestones: readonly number[] },
  ) {
    super(optimizer)
    const names = ['schedulers', 'milestones'] as const
    const { schedulers, milestones } = optionsOf('SequentialLR', options, names)
    checkList('SequentialLR', 'schedulers', schedulers, 'schedulers: [warmUp, cosine]')
    checkMilestones('SequentialLR', milestones)
    check(
      schedulers.length === milestones.length + 1 &&
        milestones.every((step, i) => i === 0 || step > milestones[i - 1]),
      () =>
        `SequentialLR: ${schedulers.length} schedulers and milestones ${described(milestones)}; ` +
        'there is one between two schedulers, each later than the one before',
    )
    for (const one of schedulers)
      check(
        one instanceof Scheduler &&
          one.optimizer === optimizer &&
          !(one instanceof ReduceLROnPlateau),
        () =>
          `SequentialLR: got ${described(one)} among the schedulers; ` +
          'they are schedulers of the same optimizer that need no metric',
      )
    this.schedulers = schedulers
    this.milestones = milestones
    this.restart()
  }

  override restart(): void {
    this.lastEpoch = 0
    this.schedulers[0].restart()
  }

  override stateDict(): SchedulerState {
    return { ...super.stateDict(), schedulers: this.schedulers.map(one => one.stateDict()) }
  }

  override loadStateDict(state: SchedulerState): void {
    const before = this.schedulers.map(one => one.stateDict())
    const states = state?.schedulers
    check(
      Array.isArray(states) && states.length === before.length,
      () => `SequentialLR: loadStateDict: it must have the states of ${before.length} schedulers`,
    )
    try {
      for (const [i, one] of this.schedulers.entries()) one.loadStateDict(states[i] as never)
      const { schedulers: _, ...own } = state
      this.load(own, super.stateDict())
    } catch (error) {
      for (const [i, one] of this.schedulers.entries()) one.loadStateDict(before[i])
      throw error
    }
  }

  protected override advance(): void {
    this.lastEpoch++
    const nth = this.milestones.filter(step => step <= this.lastEpoch).length
    const one = this.schedulers[nth]
    if (this.milestones[nth - 1] === this.lastEpoch) one.restart()
    else one.step()
  }

  protected rate(lr: number): number {
    return lr
  }
}
