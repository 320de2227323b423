/** Curves that grow while one looks: uPlot, in the page's colours. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { h } from './dom.js'

export interface ChartOptions {
  /** What a screen reader calls it. */
  readonly label: string
  readonly x: string
  /** The names of the curves, in the order of their values. */
  readonly curves: readonly string[]
  /** Whether an axis counts by powers of ten. */
  readonly log?: { readonly x?: boolean; readonly y?: boolean }
  /** Pixels. */
  readonly height?: number
}

const inks = ['--blue', '--orange', '--green', '--purple', '--red']
const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3], [1, 2]] // told apart without colours, too

/** A logarithmic axis with a number at each power of ten, and nothing between them. */
const powers: uPlot.Axis = {
  filter: (_, splits) => splits.map(v => (Number.isInteger(Math.log10(v)) ? v : null)),
  values: (_, splits) =>
    splits.map(v => (v === null ? '' : v < 0.001 ? v.toExponential() : `${v}`)),
}

/** A chart as wide as its place. */
export class Chart {
  readonly element: HTMLElement
  private plot: uPlot | null = null
  private data: (number | null)[][]

  constructor(private readonly options: ChartOptions) {
    const { label, height = 220, curves } = options
    this.data = [[], ...curves.map(() => [])]
    this.element = h('div', { class: 'chart', role: 'img', 'aria-label': label })
    this.element.style.minHeight = `${height + 32}px` // the legend's line: nothing moves below
    new ResizeObserver(() => this.resize()).observe(this.element)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.redraw())
  }

  /** Appends a point; null leaves a curve out. */
  add(x: number, ...values: readonly (number | null)[]): void {
    for (const [i, value] of [x, ...values].entries()) this.data[i].push(value)
    this.plot?.setData(this.data as uPlot.AlignedData)
  }

  /** Replaces all points: x, then each curve. */
  set(...columns: readonly (readonly (number | null)[])[]): void {
    this.data = columns.map(column => [...column])
    this.plot?.setData(this.data as uPlot.AlignedData)
  }

  private resize(): void {
    const width = this.element.clientWidth
    if (width === 0) return
    if (!this.plot) this.redraw()
    else if (this.plot.width !== width)
      this.plot.setSize({ width, height: this.options.height ?? 220 })
  }

  private redraw(): void {
    const { x, curves, log = {}, height = 220 } = this.options
    const style = getComputedStyle(this.element)
    const ink = (name: string) => style.getPropertyValue(name)
    // light-dark() must be resolved by an element's own colour: uPlot draws on a canvas
    const resolved = (name: string) => {
      const probe = h('i')
      probe.style.color = ink(name)
      this.element.append(probe)
      const { color } = getComputedStyle(probe)
      probe.remove()
      return color
    }
    const axis = { stroke: resolved('--text'), grid: { stroke: resolved('--line'), width: 1 } }
    this.plot?.destroy()
    this.plot = new uPlot(
      {
        width: this.element.clientWidth,
        height,
        scales: { x: { time: false, distr: log.x ? 3 : 1 }, y: { distr: log.y ? 3 : 1 } },
        axes: [
          { ...axis, ...(log.x && powers) },
          { ...axis, ...(log.y && powers), size: 64 },
        ],
        series: [
          { label: x },
          ...curves.map((label, i) => ({
            label,
            stroke: resolved(inks[i % inks.length]),
            dash: dashes[i % dashes.length],
            width: 2,
            spanGaps: true,
          })),
        ],
      },
      this.data as uPlot.AlignedData,
      this.element,
    )
  }
}
