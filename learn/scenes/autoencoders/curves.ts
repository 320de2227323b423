/** The curves of the loss and of its parts, and their latest numbers. */
import { Chart } from '../../shell/chart.js'
import { fill, h } from '../../shell/dom.js'
import type { FromWorker } from './messages.js'
import { batch, isVariational, type Settings } from './settings.js'

type Progress = Extract<FromWorker, { readonly kind: 'progress' }>

export class Curves {
  readonly element: HTMLElement
  private readonly figures = h('div', { class: 'figures' })
  private readonly place = h('div')
  private readonly note = h('p', { class: 'about' })
  private chart: Chart | null = null
  private kinds: readonly string[] = []
  private points: (number | null)[][] = []
  private latest: Progress | null = null
  private isDue = false

  constructor() {
    this.element = h('div', {}, this.figures, this.place, this.note)
  }

  /** Empties the curves. */
  begin(settings: Settings): void {
    const kinds = isVariational(settings)
      ? ['loss', 'reconstruction', 'KL divergence']
      : ['loss, the error of the reconstruction']
    if (kinds.join() !== this.kinds.join()) {
      this.kinds = kinds
      this.chart = new Chart({
        label: 'Loss after each step, on a logarithmic scale',
        x: 'step',
        curves: kinds,
        log: { y: true },
        height: 310,
      })
      fill(this.place, this.chart.element)
    }
    this.points = [[], ...kinds.map(() => [])]
    this.latest = null
    this.draw()
  }

  about(images: string): void {
    this.note.textContent = `${batch} of ${images} per step. Each point is the mean of the steps since the point before.`
  }

  add(progress: Progress): void {
    const { loss, reconstruction, kld } = progress.losses
    const values = [loss, reconstruction, kld].slice(0, this.kinds.length)
    const drawable = values.map(value => (value !== null && value > 0 ? value : null)) // a logarithm's
    for (const [i, value] of [progress.steps, ...drawable].entries()) this.points[i].push(value)
    this.latest = progress
    if (this.isDue) return
    this.isDue = true
    requestAnimationFrame(() => {
      this.isDue = false
      this.draw()
    })
  }

  private draw(): void {
    this.chart?.set(...this.points)
    const { steps = 0, milliseconds, losses } = this.latest ?? {}
    const { loss, reconstruction, kld = null } = losses ?? {}
    const figure = (name: string, text: string) =>
      h('div', {}, h('span', {}, name), h('span', { class: 'number', 'data-figure': name }, text))
    const shown = (value: number | null | undefined) => value?.toFixed(5) ?? '–'
    fill(
      this.figures,
      figure('step', steps.toLocaleString('en')),
      figure('loss', shown(loss)),
      this.kinds.length > 1 && [
        figure('reconstruction', shown(reconstruction)),
        figure('KL', shown(kld)),
      ],
      figure('ms per step', milliseconds?.toFixed(1) ?? '–'),
    )
  }
}
