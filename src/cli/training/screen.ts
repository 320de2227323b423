/** A training as people see it while it runs, on stderr: a plot of the loss, a bar, time left. */
import { plot } from 'asciichart'
import { createLogUpdate } from 'log-update'
import type { Metric } from './metrics.js'

export interface Screen {
  metric(metric: Metric): void
  /** Prints a line that stays. */
  note(line: string): void
  /** Removes plot and bar. */
  stop(): void
}

const [plotHeight, plotWidth, axisWidth] = [7, 64, 12]
const [shortestBar, longestBar] = [6, 28]
const pause = 100 // milliseconds between two drawings

/** Plot and bar where stderr is a terminal; elsewhere the notes alone. `steps` in all. */
export function screen(
  { steps, epochs }: { steps: number; epochs: number },
  quiet: boolean,
): Screen {
  const live = process.stderr.isTTY && !quiet
  const update = createLogUpdate(process.stderr)
  const losses: number[] = []
  let drawn = 0
  let first: { step: number; at: number } | null = null
  const left = (step: number) => {
    first ??= { step, at: performance.now() }
    if (step === first.step) return '…'
    const perStep = (performance.now() - first.at) / (step - first.step)
    const seconds = Math.round(((steps - step) * perStep) / 1000)
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  }
  return {
    metric(metric) {
      if (metric.loss === undefined) return
      losses.push(metric.loss)
      const now = performance.now()
      if (!live || now - drawn < pause) return
      drawn = now
      const width = process.stderr.columns || 80
      const words = bar(metric, { steps, epochs, left: left(metric.step), width })
      update(`${curve(losses, width)}\n${words}`)
    },
    note(line) {
      if (live) update.clear()
      if (!quiet) console.error(line)
    },
    stop() {
      if (live) update.clear()
    },
  }
}

/** The losses so far in a few lines of text, each column the mean of some. */
function curve(losses: readonly number[], width: number): string {
  if (losses.length < 2) return ''
  const columns = Math.max(2, Math.min(plotWidth, losses.length, width - axisWidth - 1))
  const means = Array.from({ length: columns }, (_, c) => {
    const [from, to] = [c, c + 1].map(at => Math.floor((at * losses.length) / columns))
    const part = losses.slice(from, to)
    return part.reduce((sum, loss) => sum + loss, 0) / part.length
  })
  return plot(means, { height: plotHeight, format: loss => loss.toPrecision(3).padStart(9) })
}

/**
 * The bar as text, in one line: as long as the words leave room, and left out where there is none.
 * `left` is the time that is left.
 */
export function bar(
  { step, epoch, loss, imagesPerSecond }: Metric,
  { steps, epochs, left, width }: { steps: number; epochs: number; left: string; width: number },
): string {
  const part = step / steps
  const words = [
    `${Math.round(100 * part)} %`,
    `epoch ${epoch} of ${epochs}`,
    `loss ${loss?.toPrecision(4)}`,
    `${imagesPerSecond?.toLocaleString('en')} images/s`,
    `${left} left`,
  ].join(' · ')
  const length = Math.min(longestBar, width - words.length - 2)
  if (length < shortestBar) return words.slice(0, width - 1)
  const full = Math.round(length * part)
  return `${'█'.repeat(full)}${'░'.repeat(length - full)} ${words}`
}
