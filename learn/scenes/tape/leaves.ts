/** The leaves of an expression: a field for the values of each, and whether its gradient is wanted. */
import { fill, h } from '../../shell/dom.js'
import type { LeafText, LeafTexts } from './state.js'
import { parseValues } from './values.js'
import type { Leaf, Leaves } from './walk.js'

const begin = ['2', '3', '-1', '0.5', '-2', '1.5'] // for names that have no values yet

/** Those of the names that have none yet get a number each. */
export function completed(names: readonly string[], texts: LeafTexts): LeafTexts {
  return Object.fromEntries(
    names.map((name, i): [string, LeafText] => [
      name,
      texts[name] ?? { text: begin[i % begin.length], requiresGrad: true },
    ]),
  )
}

export class LeafFields {
  readonly element = h('div', { class: 'row leaves' })

  private shown = ''

  constructor(private readonly onchange: (texts: LeafTexts) => void) {}

  /** Draws a field for each, unless they show this already. */
  draw(texts: LeafTexts): void {
    if (JSON.stringify(texts) === this.shown) return
    this.shown = JSON.stringify(texts)
    fill(
      this.element,
      Object.entries(texts).map(([name, { text, requiresGrad }]) => {
        const field = h('input', {
          type: 'text',
          value: text,
          spellcheck: 'false',
          'aria-label': `Values of ${name}`,
          size: Math.min(Math.max(text.length, 4), 34),
        })
        const wanted = h('input', { type: 'checkbox', checked: requiresGrad })
        const message = h('span', { class: 'wrong', role: 'alert' })
        const change = () => {
          texts = { ...texts, [name]: { text: field.value, requiresGrad: wanted.checked } }
          message.textContent = wrongIn(field.value)
          field.setAttribute('aria-invalid', String(message.textContent !== ''))
          this.shown = JSON.stringify(texts)
          if (!message.textContent) this.onchange(texts)
        }
        field.addEventListener('input', change)
        wanted.addEventListener('change', change)
        return h(
          'span',
          { class: 'leaf-field', 'data-leaf': name },
          h('label', {}, h('b', {}, name), '=', field),
          h('label', { title: `Whether the gradient of ${name} is wanted` }, wanted, `d${name}`),
          message,
        )
      }),
    )
  }
}

function wrongIn(text: string): string {
  try {
    parseValues(text)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

/** @throws Error that names the leaf */
export function valuesOf(texts: LeafTexts): Leaves {
  return Object.fromEntries(
    Object.entries(texts).map(([name, { text, requiresGrad }]): [string, Leaf] => [
      name,
      { values: parseValues(text), requiresGrad },
    ]),
  )
}
