/** The progress of a training. */
import { bar } from './bar.js'

export interface Progress {
  /** Counts images that were trained on; the loss if it was read. */
  advance(images: number, loss?: number): void
  /** Prints a line above the bar. */
  note(line: string): void
  /** Removes the bar. */
  stop(): void
}

/** Progress over `total` images: bar, loss, images per second, time left. */
export function progress(total: number): Progress {
  const { show, aside, stop } = bar('training {bar} {percentage}% · {what}')
  const began = performance.now()
  let done = 0
  let shownLoss = '…'
  show('…', 0, total)
  return {
    advance(images, loss) {
      done += images
      const rate = done / ((performance.now() - began) / 1000)
      if (loss !== undefined) shownLoss = loss.toFixed(4)
      const left = clock((total - done) / rate)
      show(`loss ${shownLoss} · ${rate.toFixed(0)} images/s · ${left} left`, done, total)
    },
    note: line => aside(() => console.log(line)),
    stop,
  }
}

/** Seconds as 0:07 or 12:34. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
