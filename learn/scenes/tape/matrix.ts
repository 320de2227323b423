/** Numbers of a tensor on the page: a scalar in the line, a vector or matrix in brackets. */
import { h } from '../../shell/dom.js'
import { numberText, rowsOf, type Values } from './values.js'

/** `inside` an equation, a negative number has parentheses. */
export function matrix(values: Values, inside = false): HTMLElement {
  const rows = rowsOf(values)
  if (values.shape.length === 0) {
    const text = numberText(rows[0][0])
    return h('span', { class: 'number' }, inside && text.startsWith('-') ? `(${text})` : text)
  }
  const grid = h(
    'span',
    { class: 'matrix number' },
    rows.flat().map(x => h('span', {}, numberText(x))),
  )
  grid.style.gridTemplateColumns = `repeat(${rows[0].length}, auto)`
  return grid
}
