/** The rungs beside each other: counted loads and measured speed, under the adapter's roofline. */
import { fill, h } from '../../shell/dom.js'
import { LogLog } from '../../shell/loglog.js'
import type { Limits } from './measure.js'

/** What is known of a rung; null where it was not measured yet. */
export interface Known {
  readonly name: string
  readonly missing: string | null
  /** Numbers loaded per multiply-add. */
  readonly loads: number | null
  /** GFLOP/s */
  readonly speed: number | null
}

export interface Staircase {
  readonly element: HTMLElement
  show(rungs: readonly Known[], limits: Limits | null): void
}

export function staircase(): Staircase {
  const body = h('tbody')
  const table = h(
    'table',
    { class: 'stairs' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Kernel'),
        h('th', { scope: 'col' }, 'Loads per multiply-add'),
        h('th', { scope: 'col' }, 'GFLOP/s here'),
        h('th', { scope: 'col' }, 'Of the peak'),
      ),
    ),
    body,
  )
  const plot = new LogLog({
    label: 'Speed of each kernel against its operations per loaded byte, under the roofline',
    x: 'floating-point operations per byte loaded',
    y: 'GFLOP/s',
    xs: [0.1, 100],
    ys: [0.1, 1000],
  })
  const element = h(
    'div',
    { class: 'columns' },
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'The rungs' }, table),
    plot.element,
  )
  return {
    element,
    show(rungs, limits) {
      fill(
        body,
        rungs.map(rung => row(rung, limits)),
      )
      draw(plot, rungs, limits)
    },
  }
}

function row({ name, missing, loads, speed }: Known, limits: Limits | null): HTMLElement {
  if (missing)
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      h('td', { colspan: 3, class: 'aside' }, `not here: ${missing}`),
    )
  const part = speed !== null && limits ? speed / limits.peak : null
  const bar = h('span', { class: 'bar', 'aria-hidden': 'true' })
  bar.style.width = `${100 * Math.min(1, (loads ?? 0) / 2)}%`
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: 'loads' }, h('span', { class: 'number' }, loads?.toFixed(3) ?? '…'), bar),
    h('td', { class: 'number speed' }, speed === null ? '–' : digits(speed)),
    h('td', { class: 'number' }, part === null ? '–' : `${(100 * part).toFixed(1)} %`),
  )
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

/** Operations per byte that this many loads per multiply-add are: two per 4 · loads bytes. */
function intensity(loads: number): number {
  return 2 / (4 * loads)
}

function draw(plot: LogLog, rungs: readonly Known[], limits: Limits | null): void {
  const measured = rungs.filter(({ loads, speed }) => loads !== null && speed !== null)
  const speeds = [...measured.map(({ speed }) => speed!), ...(limits ? [limits.peak] : [])]
  const top = 10 ** Math.ceil(Math.log10(1.3 * Math.max(1, ...speeds)))
  const low = 10 ** Math.floor(Math.log10(0.7 * Math.min(top / 100, ...speeds)))
  plot.options = { ...plot.options, ys: [low, top] }
  const [from, to] = plot.options.xs
  const ridge = limits ? limits.peak / limits.bandwidth : 1
  plot.show({
    curves: limits
      ? [
          {
            ink: 'green',
            name: `peak of arithmetic: ${digits(limits.peak)} GFLOP/s`,
            points: [
              [Math.max(from, Math.min(ridge, to)), limits.peak],
              [to, limits.peak],
            ],
          },
          {
            ink: 'purple',
            name: `memory: ${digits(limits.bandwidth)} GB/s`,
            points: [
              [from, from * limits.bandwidth],
              [Math.min(ridge, to), Math.min(ridge, to) * limits.bandwidth],
            ],
          },
        ]
      : [],
    marks: measured.map(({ name, loads, speed }) => {
      const isBelow = measured.some(other => other.loads === loads && other.speed! > speed!)
      return {
        ink: 'orange',
        at: [intensity(loads!), speed!],
        text: name,
        side: isBelow ? 'below' : 'above',
      }
    }),
  })
}
