import { check } from '../kernels/check.js'
import { refuseToRecord } from '../kernels/recording.js'
import { optionsOf } from '../tensor/arguments.js'
import type { Optimizer } from './optimizer.js'
import { checkOption } from './options.js'
import { checkCount, Scheduler, type SchedulerState } from './scheduler.js'

/**
 * Half a cosine from the first rate down to etaMin, again and again; each takes tMult times as many
 * steps as the one before, the first t0:
 *
 *     lr = etaMin + (lr(0) − etaMin) · (1 + cos(π tCur / tI)) / 2
 *
 * Loshchilov & Hutter 2017, arXiv:1608.03983.
 */
export class CosineAnnealingWarmRestarts extends Scheduler {
  readonly t0: number
  readonly tMult: number
  readonly etaMin: number
  /** Steps of the present cosine, and those of them that are done. */
  tI: number
  tCur = 0

  constructor(optimizer: Optimizer, options: { t0: number; tMult?: number; etaMin?: number }) {
    super(optimizer)
    const name = 'CosineAnnealingWarmRestarts'
    const { t0, tMult = 1, etaMin = 0 } = optionsOf(name, options, ['t0', 'tMult', 'etaMin'])
    checkCount(name, 't0', t0)
    checkCount(name, 'tMult', tMult)
    checkOption(name, 'etaMin', etaMin)
    this.t0 = t0
    this.tMult = tMult
    this.etaMin = etaMin
    this.tI = t0
  }

  /** With an epoch, which may have a fraction: sets the rates of that epoch. */
  override step(epoch?: number): void {
    if (epoch === undefined) {
      super.step()
      return
    }
    refuseToRecord(() => 'step(epoch) would set the same epoch in every replay; call it outside')
    check(
      Number.isFinite(epoch) && epoch >= 0,
      () => `CosineAnnealingWarmRestarts: epoch is ${epoch}; it must be from 0 up`,
    )
    const { t0, tMult } = this
    const nth =
      tMult === 1
        ? Math.floor(epoch / t0)
        : Math.floor(Math.log((epoch / t0) * (tMult - 1) + 1) / Math.log(tMult))
    const start = tMult === 1 ? nth * t0 : (t0 * (tMult ** nth - 1)) / (tMult - 1)
    this.tI = t0 * tMult ** nth
    this.tCur = epoch - start
    this.lastEpoch = Math.floor(epoch)
    this.apply()
  }

  override restart(): void {
    this.step(0)
  }

  override stateDict(): SchedulerState {
    const { tI, tCur } = this
    return { ...super.stateDict(), tI, tCur }
  }

  protected override advance(): void {
    this.lastEpoch++
    this.tCur++
    if (this.tCur >= this.tI) {
      this.tCur -= this.tI
      this.tI *= this.tMult
    }
    this.apply()
  }

  protected rate(_lr: number, i: number): number {
    const { tI, tCur, etaMin } = this
    return etaMin + ((this.baseLrs[i] - etaMin) * (1 + Math.cos((Math.PI * tCur) / tI))) / 2
  }

  private apply(): void {
    for (const [i, group] of this.optimizer.groups.entries()) group.lr = this.rate(group.lr, i)
  }
}
