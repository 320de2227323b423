/** Storage and view beside each other: what is pointed at in one lights up in the other. */
import { fill, h } from '../../shell/dom.js'
import { grid } from './grid.js'
import { memory } from './memory.js'
import { type Layout, type Look, placesOf } from './strided.js'
import { indexOf, placeOf, readersOf, ruleOf } from './words.js'

export class Picture {
  readonly storage = h('div', { class: 'storage' })
  readonly view = h('div', { class: 'view' })
  /** A sentence about what is pointed at. */
  readonly words = h('p', { class: 'words' })

  /** `cells` are their values; `onpick` receives the cell that the reader clicks, if one may. */
  constructor(
    private readonly cells: readonly number[],
    private readonly onpick?: (cell: number) => void,
  ) {}

  /** Without a look, the view reaches beyond the cells. */
  show(layout: Layout, found: Look | null, gradients: boolean): void {
    const places = placesOf(layout)
    const elements = places.map((cell, at) => ({
      index: indexOf(layout, at),
      value: found ? found.values[at] : (this.cells[cell] ?? null),
      cell,
      gradient: gradients ? at + 1 : null,
    }))
    const row = this.cells.map((value, position) => ({
      position,
      value,
      colour: position,
      read: places.includes(position),
      gradient: gradients && found ? found.gradient[position] : null,
      about: this.onpick ? 'Let the view begin here.' : '',
    }))
    const say = (at: readonly number[], cell: number | null, words: string) => {
      this.light(at, cell)
      this.words.textContent = words
    }
    const rest = () => say([], null, ruleOf(layout))
    const lookAt = (at: number | null) =>
      at === null ? rest() : say([at], places[at], placeOf(layout, indexOf(layout, at)))
    const lookAtCell = (cell: number | null) => {
      if (cell === null) return rest()
      const { at, words } = readersOf(layout, cell)
      say(at, cell, words)
    }
    const focused = (document.activeElement as HTMLElement | null)?.dataset.cell
    fill(this.view, grid(elements, layout.shape.at(-1)!, lookAt))
    fill(this.storage, memory(row, this.onpick, lookAtCell))
    rest()
    if (focused) this.storage.querySelector<HTMLElement>(`[data-cell="${focused}"]`)?.focus()
  }

  /** Marks elements of the view and the cell that they are read from. */
  private light(at: readonly number[], cell: number | null): void {
    for (const [i, element] of [...this.view.querySelectorAll('.cell')].entries())
      element.classList.toggle('lit', at.includes(i))
    for (const element of this.storage.querySelectorAll<HTMLElement>('.cell'))
      element.classList.toggle('lit', element.dataset.cell === String(cell))
  }
}
