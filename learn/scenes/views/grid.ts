/** A view as a table of its elements; arrow keys go from element to element. */
import { h } from '../../shell/dom.js'
import { hueOf } from './memory.js'

export interface Element {
  /** Index along each dimension. */
  readonly index: readonly number[]
  /** null: outside of the storage. */
  readonly value: number | null
  readonly cell: number
  /** The gradient that comes to it; null: not shown. */
  readonly gradient: number | null
}

export function grid(
  elements: readonly Element[],
  columns: number,
  onlook: (at: number | null) => void,
): HTMLElement {
  const buttons = elements.map(({ index, value, cell, gradient }, at) => {
    const button = h(
      'button',
      {
        class: `cell ${value === null ? 'outside' : ''}`,
        'data-at': index.join(','),
        tabindex: at === 0 ? 0 : -1,
        onpointerenter: () => onlook(at),
        onpointerleave: () => onlook(null),
        onfocus: () => onlook(at),
        onblur: () => onlook(null),
        onkeydown: (event: KeyboardEvent) => move(event, at),
      },
      h('span', { class: 'said' }, 'Element '),
      h('span', { class: 'position' }, `[${index.join(',')}]`),
      h('span', { class: 'said' }, `, in cell ${cell}, value `),
      h('span', { class: 'value' }, value === null ? '?' : `${value}`),
      gradient !== null && [
        h('span', { class: 'said' }, ', gradient '),
        h('span', { class: 'gradient' }, `${gradient}`),
      ],
    )
    button.style.setProperty('--hue', String(hueOf(cell)))
    return button
  })
  function move(event: KeyboardEvent, at: number): void {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key]
    const to = step === undefined ? undefined : buttons[at + step]
    if (!to) return
    event.preventDefault()
    buttons[at].tabIndex = -1
    to.tabIndex = 0
    to.focus()
  }
  const element = h('div', { class: 'view-grid', role: 'group', 'aria-label': 'The view' }, buttons)
  element.style.gridTemplateColumns =
    columns === elements.length // one row may be long, and goes on in the next line
      ? 'repeat(auto-fill, minmax(2.6rem, 3.6rem))'
      : `repeat(${columns}, minmax(0, 3.6rem))`
  return element
}
