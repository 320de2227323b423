/** A storage as a row of cells: position, value, and the gradient that came back. */
import { h } from '../../shell/dom.js'

export interface Cell {
  readonly position: number
  readonly value: number
  /** The cell of the first storage whose colour it has. */
  readonly colour: number
  /** Whether the view reads it. */
  readonly read: boolean
  readonly gradient: number | null
  /** Said by a screen reader, beside position and value. */
  readonly about: string
}

/** A row; with `onpick` the cells are buttons. */
export function memory(
  cells: readonly Cell[],
  onpick?: (position: number) => void,
  onlook?: (position: number | null) => void,
): HTMLElement {
  return h(
    'div',
    { class: 'memory', role: 'group' },
    cells.map(({ position, value, colour, read, gradient, about }) => {
      const inside = [
        h('span', { class: 'said' }, 'Cell '),
        h('span', { class: 'position' }, `${position}`),
        h('span', { class: 'said' }, ', value '),
        h('span', { class: 'value' }, `${value}`),
        gradient !== null && [
          h('span', { class: 'said' }, ', gradient '),
          h('span', { class: 'gradient' }, `${gradient}`),
        ],
        h('span', { class: 'said' }, `. ${about}`),
      ]
      const attributes = { class: `cell ${read ? '' : 'unread'}`, 'data-cell': position }
      const cell = onpick
        ? h('button', { ...attributes, onclick: () => onpick(position) }, inside)
        : h('span', attributes, inside)
      cell.style.setProperty('--hue', String(hueOf(colour)))
      for (const [event, at] of [
        ['pointerenter', position],
        ['focus', position],
        ['pointerleave', null],
        ['blur', null],
      ] as const)
        if (onlook) cell.addEventListener(event, () => onlook(at))
      return cell
    }),
  )
}

/** Twelve colours round the circle, neighbours far apart. */
export function hueOf(cell: number): number {
  return (cell * 150 + 20) % 360
}
