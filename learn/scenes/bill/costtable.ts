/** Eager against compiled, as a table. */
import { fill, h } from '../../shell/dom.js'
import type { Cost } from './comparison.js'

export class CostTable {
  readonly element: HTMLElement
  private readonly body = h('tbody', {})

  constructor() {
    this.element = h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Eager against compiled' },
      h(
        'table',
        { class: 'costs' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            [
              'per step',
              'launches',
              'submits',
              'new bind groups',
              'host, ms',
              'until done, ms',
            ].map(text => h('th', {}, text)),
          ),
        ),
        this.body,
      ),
    )
  }

  show(eager: Cost, compiled: Cost): void {
    fill(this.body, costRow('eager', eager), costRow('compiled', compiled))
  }
}

function costRow(name: string, { launches, submits, bindGroups, host, whole }: Cost): HTMLElement {
  const numbers = [launches, submits, bindGroups].map(n => String(Math.round(n)))
  const times = [host, whole].map(ms => ms.toFixed(2))
  return h(
    'tr',
    { 'data-cost': name },
    h('th', {}, name),
    [...numbers, ...times].map(text => h('td', { class: 'number' }, text)),
  )
}
