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

const [barWidth, plotHeight, plotWidth] = [28, 7, 64]
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
      update(`${curve(losses)}\n${bar(metric, { steps, epochs, left: left(metric.step) })}`)
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
function curve(losses: readonly number[]): string {
  if (losses.length < 2) return ''
  const columns = Math.min(plotWidth, losses.length)
  const means = Array.from({ length: columns }, (_, c) => {
    const [from, to] = [c, c + 1].map(at => Math.floor((at * losses.length) / columns))
    const part = losses.slice(from, to)
    return part.reduce((sum, loss) => sum + loss, 0) / part.length
  })
  return plot(means, { height: plotHeight, format: loss => loss.toPrecision(3).padStart(9) })
}

/** The bar as text; `left` is the time that is left. */
function bar(
  { step, epoch, loss, imagesPerSecond }: Metric,
  { steps, epochs, left }: { steps: number; epochs: number; left: string },
): string {
  const part = step / steps
  const full = Math.round(barWidth * part)
  return [
    `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${Math.round(100 * part)} %`,
    `epoch ${epoch} of ${epochs}`,
    `loss ${loss?.toPrecision(4)}`,
    `${imagesPerSecond?.toLocaleString('en')} images/s`,
    `${left} left`,
  ].join(' · ')
}
