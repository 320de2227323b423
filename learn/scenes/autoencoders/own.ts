/** A digit of the reader's own: drawn, or taken from the test digits; its code, and what comes back. */
import { h } from '../../shell/dom.js'
import { pixelsPerImage } from './images.js'
import type { FromWorker } from './messages.js'
import { Pad } from './pad.js'
import { Picture } from './picture.js'

type Answer = Extract<FromWorker, { readonly kind: 'own' }>

export class Own {
  readonly element: HTMLElement
  private readonly pad = new Pad(pixels => this.give(pixels))
  private readonly input = new Picture(1, 'Your digit as the network sees it')
  private readonly output = new Picture(1, 'Your digit as the network gives it back')
  private readonly code = h('p', { class: 'number code', 'aria-label': 'code', role: 'group' })
  private readonly error = h('p', { class: 'number error' })
  private readonly buttons = Array.from({ length: 10 }, (_, digit) =>
    h('button', { class: 'digit', disabled: true, onclick: () => this.take(digit) }, String(digit)),
  )
  private labels: Uint8Array | null = null
  private pixels: Float32Array | null = null
  /** How often each test digit was taken, for the next press to take another one. */
  private readonly taken = new Map<number, number>()

  constructor(private readonly given: (pixels: Float32Array<ArrayBuffer>) => void) {
    const clear = h('button', { onclick: () => this.clear() }, 'Clear')
    const column = (title: string, ...below: readonly HTMLElement[]) =>
      h('div', {}, h('p', {}, title), ...below)
    this.element = h(
      'div',
      {},
      h(
        'div',
        { class: 'own' },
        column('draw here', this.pad.element, clear),
        column('the network sees', this.input.element),
        column('its code', this.code),
        column('comes back', this.output.element, this.error),
      ),
      h('div', { class: 'row' }, 'or take a test digit:', this.buttons),
    )
  }

  /** Test digits to take instead of drawing. */
  choices(pixels: Float32Array, labels: Uint8Array): void {
    this.pixels = pixels
    this.labels = labels
    for (const button of this.buttons) button.disabled = false
  }

  answer({ code, output, error }: Answer): void {
    this.code.textContent = [...code].map(z => z.toFixed(2)).join('  ')
    this.output.draw(output)
    this.error.textContent = `error ${error.toFixed(4)}`
  }

  private take(digit: number): void {
    const labels = this.labels!
    const all = [...labels.keys()].filter(i => labels[i] === digit)
    if (all.length === 0) return
    const times = this.taken.get(digit) ?? 0
    this.taken.set(digit, times + 1)
    const i = all[times % all.length]
    this.pad.clear()
    this.give(this.pixels!.slice(i * pixelsPerImage, (i + 1) * pixelsPerImage) as never)
  }

  private give(pixels: Float32Array<ArrayBuffer>): void {
    this.input.draw(pixels)
    this.given(pixels)
  }

  private clear(): void {
    this.pad.clear()
    this.input.clear()
    this.output.clear()
    this.code.textContent = ''
    this.error.textContent = ''
  }
}
