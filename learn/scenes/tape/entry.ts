/** Where the reader picks or types an expression, and where its error stands. */
import { choice } from '../../shell/controls.js'
import { type Child, fill, h } from '../../shell/dom.js'
import { ExpressionError } from './expression.js'
import { functions } from './functions.js'
import { presetOf, presets } from './presets.js'

const hint =
  'Names are tensors. Between them: + - * / and @, the matrix product. A ; ends a line such as ' +
  `h = x*x. Functions: ${Object.keys(functions).join(', ')}.`

export class Entry {
  readonly element: HTMLElement
  private readonly message = h('p', { class: 'message', 'aria-live': 'polite' })
  private readonly field: HTMLInputElement

  /** `onchange` receives the expression, and whether it is an example with values of its own. */
  constructor(expression: string, onchange: (expression: string, isExample: boolean) => void) {
    this.field = h('input', {
      type: 'text',
      class: 'expression',
      value: expression,
      spellcheck: 'false',
      autocapitalize: 'off',
      'aria-label': 'Expression',
      oninput: () => onchange(this.field.value, false),
    })
    const example = choice(
      'Example',
      [...presets.map(({ title, expression }) => [expression, title] as const), ['', 'your own']],
      presetOf(expression)?.expression ?? '',
      expression => {
        if (!expression) return this.field.focus()
        this.field.value = expression
        onchange(expression, true)
      },
    )
    this.element = h(
      'div',
      {},
      h('div', { class: 'row' }, example, h('label', { class: 'wide' }, 'Expression', this.field)),
      this.message,
    )
  }

  /** Shows an error under the expression, or with null what may be written. */
  say(error: Error | null): void {
    this.message.classList.toggle('wrong', error !== null)
    fill(this.message, error ? explained(this.field.value, error) : hint)
    this.field.setAttribute('aria-invalid', String(error !== null))
  }
}

/** With the text up to the place where the error is. */
function explained(expression: string, error: Error): Child {
  if (!(error instanceof ExpressionError)) return error.message
  const { at, message } = error
  const place = h('mark', {}, expression.slice(at, at + 1).trim() || '␣')
  return [h('code', {}, expression.slice(0, at), place), ' ', message]
}
