/** The bar that moves through the walk: play, previous, next and a slider. */
import { slider } from '../../shell/controls.js'
import { h } from '../../shell/dom.js'
import { lastOf } from './sight.js'
import type { Tape } from './walk.js'

const pace = 1100 // milliseconds from one step to the next

export class Player {
  readonly element: HTMLElement
  private tape: Tape | null = null
  private at = 0
  private timer: number | undefined
  private readonly play = h('button', { class: 'main', onclick: () => this.toggle() }, 'Play')
  private readonly previous = h('button', { onclick: () => this.go(this.at - 1) }, 'Previous')
  private readonly next = h('button', { onclick: () => this.go(this.at + 1) }, 'Next')
  private readonly position = slider({
    label: 'Step',
    min: 0,
    max: 1,
    value: 0,
    show: at => this.words(at),
    oninput: at => this.go(at),
  })

  /** `ongo` receives the position that the reader asks for. */
  constructor(private readonly ongo: (at: number) => void) {
    const { play, previous, next, position } = this
    this.element = h('div', { class: 'player' }, play, previous, next, position)
  }

  /** Stands at a position of a tape; null: there is none to walk. */
  show(tape: Tape | null, at: number): void {
    this.tape = tape
    this.at = at
    const last = tape ? lastOf(tape) : 0
    const input = this.position.querySelector('input')!
    input.max = String(last)
    input.disabled = this.play.disabled = tape === null
    this.position.set(at)
    this.previous.disabled = at <= 0
    this.next.disabled = at >= last
    if (at >= last) this.pause()
  }

  pause(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.play.textContent = 'Play'
  }

  private toggle(): void {
    if (this.timer !== undefined) {
      this.pause()
      return
    }
    if (this.next.disabled) this.go(0)
    this.play.textContent = 'Pause'
    this.timer = window.setInterval(() => this.go(this.at + 1), pace)
  }

  private go(to: number): void {
    if (this.tape) this.ongo(Math.max(0, Math.min(to, lastOf(this.tape))))
  }

  private words(at: number): string {
    if (!this.tape) return ''
    const { records, steps } = this.tape
    if (at <= records.length) return `recorded ${at} of ${records.length}`
    return `back ${at - records.length - 1} of ${steps.length}`
  }
}
