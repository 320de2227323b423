/** A progress bar below the lines that a command prints; nothing where there is no terminal. */
import { Presets, SingleBar } from 'cli-progress'

export interface Bar {
  /** So many of so many are done, and this is next. */
  show(what: string, done: number, total: number): void
  /** Runs `print` with the bar out of the way: it would write over the lines. */
  aside(print: () => void): void
  stop(): void
}

export function bar(): Bar {
  const terminal = process.stderr.isTTY
  const single = new SingleBar(
    {
      format: '{bar} {value}/{total} · {what}',
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      gracefulExit: false,
      barsize: 28,
      fps: 8,
    },
    Presets.rect,
  )
  let shown = false
  const stop = () => {
    if (terminal && shown) single.stop()
    shown = false
  }
  return {
    show(what, done, total) {
      stop()
      shown = true
      if (terminal) single.start(total, done, { what })
    },
    aside(print) {
      stop()
      print()
    },
    stop,
  }
}
