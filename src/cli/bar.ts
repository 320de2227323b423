/** A progress bar on stderr, below what a command prints; nothing where stderr is no terminal. */
import { Presets, SingleBar } from 'cli-progress'

export interface Bar {
  /** Shows that `done` of `total` are done, with words about it. */
  show(what: string, done: number, total: number): void
  /** Runs `print` with the bar removed, which would otherwise write over the lines. */
  aside(print: () => void): void
  stop(): void
}

export function bar(format = '{bar} {value}/{total} · {what}'): Bar {
  const terminal = process.stderr.isTTY
  const options = {
    format,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
    barsize: 28,
    fps: 8,
  }
  const single = new SingleBar(options, Presets.rect)
  let last: Parameters<Bar['show']> | null = null
  const stop = () => {
    if (last) single.stop()
    last = null
  }
  const show = (what: string, done: number, total: number) => {
    if (!terminal) return
    if (last?.[2] === total) single.update(done, { what })
    else {
      stop()
      single.start(total, done, { what })
    }
    last = [what, done, total]
  }
  return {
    show,
    aside(print) {
      const shown = last
      stop()
      print()
      if (shown) show(...shown)
    },
    stop,
  }
}
