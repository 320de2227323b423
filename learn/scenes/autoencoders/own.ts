/** A digit of the reader's own: drawn, or taken from the test digits; its code, and what comes back. */
import { fill, h } from '../../shell/dom.js'
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
  private readonly buttons = h('div', { class: 'row' })
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
      this.buttons,
    )
  }

  /** Test digits to take instead of drawing. */
  choices(pixels: Float32Array, labels: Uint8Array): void {
    if (this.pixels === pixels) return
    this.pixels = pixels
    fill(
      this.buttons,
      'or take a test digit:',
      Array.from({ length: 10 }, (_, digit) =>
        h('button', { class: 'digit', onclick: () => this.take(digit, labels) }, digit),
      ),
    )
  }

  answer({ code, output, error }: Answer): void {
    this.code.textContent = [...code].map(z => z.toFixed(2)).join('  ')
    this.output.draw(output)
    this.error.textContent = `error ${error.toFixed(4)}`
  }

  private take(digit: number, labels: Uint8Array): void {
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
