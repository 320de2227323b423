/** A progress bar on a terminal; only the notes where there is none. */
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
  const shown = { loss: '…', rate: '…', left: '…' }
  const show = () => terminal && bar.start(total, done, shown)
  const hide = () => terminal && bar.stop()
  show()
  return {
    advance(images, loss) {
      done += images
      const rate = done / ((performance.now() - began) / 1000)
      if (loss !== undefined) shown.loss = loss.toFixed(4)
      shown.rate = rate.toFixed(0)
      shown.left = clock((total - done) / rate)
      if (terminal) bar.update(done, shown)
    },
    note(line) {
      hide() // the bar puts the cursor back to where it began: a line may only come between two bars
      console.log(line)
      if (done < total) show()
    },
    stop: hide,
  }
}

/** Seconds as 0:07 or 12:34. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
