/** What a training ends with. */
import type { Ended } from './loop.js'
import type { Metrics } from './metrics.js'
import type { RunFolder } from './runfolder.js'
import type { Progress } from './saving.js'

/** As `--json` prints it. */
export interface Result {
  run: string
  state: 'finished' | 'early' | 'stopped'
  epochs: number
  steps: number
  testError: number | null
  best: Progress['best']
  imagesPerSecond: number
  seconds: number
}

export function resultOf(run: RunFolder, { reason, progress }: Ended, metrics: Metrics): Result {
  const rates = metrics.lines.flatMap(line => line.imagesPerSecond ?? []).sort((a, b) => a - b)
  return {
    run: run.path,
    state: reason,
    epochs: progress.epoch,
    steps: progress.step,
    testError: metrics.lines.findLast(line => line.testError !== undefined)?.testError ?? null,
    best: progress.best,
    imagesPerSecond: rates.at(Math.floor(rates.length / 2)) ?? 0,
    seconds: metrics.lines.at(-1)?.seconds ?? 0,
  }
}

export function inWords({
  run,
  state,
  epochs,
  steps,
  best,
  imagesPerSecond,
  seconds,
}: Result): string {
  const what = state === 'early' ? 'ended early, since nothing got better' : state
  const lowest = best && `lowest test error ${best.testError.toFixed(5)} after epoch ${best.epoch}`
  return [
    `${what}: ${counted(epochs, 'epoch')}, ${counted(steps, 'step')} in ${seconds.toFixed(1)} s`,
    `${imagesPerSecond.toLocaleString('en')} images/s; ${lowest ?? 'no epoch is done yet'}`,
    `look at ${run}/index.html`,
  ].join('\n')
}

const counted = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`
