/** Learning rates as a factor of the initial rate. */
import { check } from '../kernels/check.js'
import { checkFunction, described, optionsOf } from '../tensor/arguments.js'
import type { Optimizer } from './optimizer.js'
import { checkOption } from './options.js'
import { checkCount, Scheduler } from './scheduler.js'

type Factor = (step: number) => number

/** lr(t) = lr(0) · f(t), with one function for all groups or one for each. */
export class LambdaLR extends Scheduler {
  private readonly factors: readonly Factor[]

  constructor(optimizer: Optimizer, options: { lrLambda: Factor | readonly Factor[] }) {
    super(optimizer)
    const { lrLambda } = optionsOf('LambdaLR', options, ['lrLambda'])
    const { groups } = optimizer
    this.factors = Array.isArray(lrLambda) ? lrLambda : groups.map(() => lrLambda as Factor)
    check(
      this.factors.length === groups.length,
      () => `LambdaLR: ${this.factors.length} functions in lrLambda for ${groups.length} groups`,
    )
    for (const f of this.factors) checkFunction('LambdaLR', f)
    this.restart()
  }

  protected override firstRate(base: number, i: number): number {
    const factor = this.factors[i](this.lastEpoch)
    check(
      Number.isFinite(factor),
      () => `LambdaLR: lrLambda(${this.lastEpoch}) is ${described(factor)}; it must be a number`,
    )
    return base * factor
  }

  protected rate(_lr: number, i: number): number {
    return this.firstRate(this.baseLrs[i], i)
  }
}

/**
 * The factor grows or falls along a line for `totalIters` steps, and then stays:
 *
 *     lr(t) = lr(0) · (startFactor + (endFactor − startFactor) · min(t / totalIters, 1))
 */
export class LinearLR extends Scheduler {
  readonly startFactor: number
  readonly endFactor: number
  readonly totalIters: number

  constructor(
    optimizer: Optimizer,
    options: { startFactor?: number; endFactor?: number; totalIters?: number } = {},
  ) {
    super(optimizer)
    const names = ['startFactor', 'endFactor', 'totalIters'] as const
    const given = optionsOf('LinearLR', options, names)
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = given
    checkOption('LinearLR', 'startFactor', startFactor)
    checkOption('LinearLR', 'endFactor', endFactor)
    check(
      startFactor > 0 && startFactor <= 1 && endFactor <= 1,
      () => `LinearLR: factors ${startFactor} to ${endFactor}; they are up to 1, the first above 0`,
    )
    checkCount('LinearLR', 'totalIters', totalIters)
    this.startFactor = startFactor
    this.endFactor = endFactor
    this.totalIters = totalIters
    // times the present rate, which may be that of another scheduler
    for (const group of optimizer.groups) group.lr *= startFactor
  }

  protected override firstRate(base: number): number {
    return base * this.startFactor
  }

  protected rate(lr: number): number {
    const { lastEpoch: t, startFactor, endFactor, totalIters } = this
    if (t > totalIters) return lr
    const rise = endFactor - startFactor
    return lr * (1 + rise / (totalIters * startFactor + (t - 1) * rise))
  }
}
