/** A progress bar below the lines that a command prints; without a terminal, nothing. */
import { Presets, SingleBar } from 'cli-progress'

export interface Bar {
  /** `done` of `total` are done, and `what` is next. */
  show(what: string, done: number, total: number): void
  /** Removes the bar, which would overwrite the lines, and calls `print`. */
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
