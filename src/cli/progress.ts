/** A progress bar on a terminal; a line now and then where there is none. */
import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  /** Some images more have been trained on; the loss if it was read. */
  advance(images: number, loss?: number): void
  /** A line of its own, above the bar. */
  note(line: string): void
  /** Removes the bar. */
  stop(): void
}

/** Progress over `total` images: bar, loss, images per second, time left. */
export function progress(total: number): Progress {
  const terminal = process.stderr.isTTY
  const bar = new SingleBar(
    {
      format: 'training {bar} {percentage}% · loss {loss} · {rate} images/s · {left} left',
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      gracefulExit: false,
      barsize: 28,
      fps: 8,
    },
    Presets.rect,
  )
  const began = performance.now()
  let done = 0
  let shown = '…'
  if (terminal) bar.start(total, 0, { loss: shown, rate: '…', left: '…' })
  return {
    advance(images, loss) {
      done += images
      if (loss !== undefined) shown = loss.toFixed(4)
      const rate = done / ((performance.now() - began) / 1000)
      if (terminal)
        bar.update(done, { loss: shown, rate: rate.toFixed(0), left: clock((total - done) / rate) })
    },
    note(line) {
      if (terminal) process.stderr.write('\r\x1b[2K')
      console.log(line)
    },
    stop() {
      if (terminal) bar.stop()
    },
  }
}

/** Seconds as 0:07 or 12:34. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
