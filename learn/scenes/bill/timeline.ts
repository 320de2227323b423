/** The launches of a step as bars in their order: forward, backward, update. */
import type { Charge, Phase } from '../../../src/explain/index.js'
import { fill, h } from '../../shell/dom.js'

const phases: readonly Phase[] = ['forward', 'backward', 'update']

/** How high a bar stands. */
export type Measure = 'bytes' | 'milliseconds'

export class Timeline {
  readonly element = h('div', {
    class: 'timeline',
    onkeydown: (event: KeyboardEvent) => this.key(event),
  })
  private bars: HTMLButtonElement[] = []
  private at = 0

  /** @param looked called with a launch that the reader points to */
  constructor(private readonly looked: (charge: Charge, i: number) => void) {}

  show(charges: readonly Charge[], measure: Measure): void {
    const most = Math.max(...charges.map(charge => charge[measure] ?? 0))
    this.at = Math.min(this.at, charges.length - 1)
    this.bars = charges.map((charge, i) => {
      const { phase, op, kernel, entry } = charge
      const bar = h('i', {})
      // by the logarithm: the largest launch moves a thousand times the bytes of the smallest
      const share = Math.log1p((999 * (charge[measure] ?? 0)) / most) / Math.log(1000)
      bar.style.height = `${Math.max(3, 100 * share)}%`
      const look = () => this.look(i, charge)
      const attributes = {
        class: phase,
        'aria-label': `launch ${i + 1}, ${phase}: ${op} by ${kernel}.${entry}, ${amount(charge, measure)}`,
        onpointerenter: look,
        onfocus: look,
        onclick: look,
      }
      return h('button', attributes, bar)
    })
    fill(
      this.element,
      phases.map(phase => {
        const own = charges.filter(charge => charge.phase === phase)
        const group = h(
          'div',
          { class: 'phase', role: 'group', 'aria-label': phase },
          h(
            'div',
            { class: 'bars' },
            this.bars.filter((_, i) => charges[i].phase === phase),
          ),
          h(
            'p',
            {},
            h('b', {}, phase),
            h('span', {}, `${own.length} launches`),
            h('span', {}, megabytes(own)),
          ),
        )
        group.style.flexGrow = String(own.length)
        return group
      }),
    )
    if (charges.length > 0) this.look(this.at, charges[this.at])
  }

  private look(i: number, charge: Charge): void {
    this.at = i
    for (const [k, bar] of this.bars.entries()) {
      bar.tabIndex = k === i ? 0 : -1
      bar.classList.toggle('looked', k === i)
    }
    this.looked(charge, i)
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 }
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    this.bars[this.at + step]?.focus()
  }
}

export const kilobytes = (bytes: number) => `${(bytes / 1e3).toFixed(bytes < 1e4 ? 2 : 0)} kB`

const megabytes = (charges: readonly Charge[]) =>
  `${(charges.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(2)} MB`

function amount({ bytes, milliseconds }: Charge, measure: Measure): string {
  if (measure === 'bytes' || milliseconds === null) return kilobytes(bytes)
  return `${milliseconds.toFixed(3)} ms`
}
