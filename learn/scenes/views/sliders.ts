/** Sliders for shape, strides and offset. */
import { slider } from '../../shell/controls.js'
import { fill, h } from '../../shell/dom.js'
import { cells, type Layout } from './strided.js'

interface Row {
  readonly element: ReturnType<typeof slider>
  of(layout: Layout): number
}

export class Sliders {
  readonly element = h('div', { class: 'sliders' })
  private rows: readonly Row[] = []
  private layout: Layout | null = null

  constructor(private readonly onchange: (layout: Layout) => void) {}

  /** Moves them; a tensor with another number of dimensions has others. */
  show(layout: Layout): void {
    const isNew = this.layout?.shape.length !== layout.shape.length
    this.layout = layout
    if (isNew) {
      this.rows = this.rowsFor(layout.shape.length)
      fill(
        this.element,
        this.rows.map(({ element }) => element),
      )
    }
    for (const { element, of } of this.rows) {
      const input = element.querySelector('input')!
      input.max = String(Math.max(Number(input.max), of(layout)))
      element.set(of(layout))
    }
  }

  private rowsFor(rank: number): Row[] {
    const names = rank === 1 ? ['elements'] : ['rows', 'columns']
    const row = (label: string, min: number, max: number, of: Row['of'], set: Set): Row => ({
      element: slider({
        label,
        min,
        max,
        value: min,
        oninput: to => this.onchange(set(this.layout!, to)),
      }),
      of,
    })
    const perDimension = names.flatMap((name, d) => [
      row(
        `size: ${name}`,
        1,
        rank === 1 ? cells : 6,
        ({ shape }) => shape[d],
        (layout, to) => ({ ...layout, shape: layout.shape.with(d, to) }),
      ),
      row(
        `stride: ${name}`,
        0,
        8,
        ({ strides }) => strides[d],
        (layout, to) => ({ ...layout, strides: layout.strides.with(d, to) }),
      ),
    ])
    const offset = row(
      'offset',
      0,
      cells - 1,
      layout => layout.offset,
      (layout, to) => ({ ...layout, offset: to }),
    )
    return [...perDimension, offset]
  }
}

type Set = (layout: Layout, to: number) => Layout
