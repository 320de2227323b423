/** Scene 2: the cells of one storage, and the shape, strides and offset that read them. */
import { choice, toggle } from '../../shell/controls.js'
import { fill, h } from '../../shell/dom.js'
import { remember } from '../../shell/route.js'
import type { Mount } from '../../shell/scene.js'
import { examples } from './examples.js'
import { made, operations } from './operations.js'
import { Picture } from './picture.js'
import { Sliders } from './sliders.js'
import { addressOf, type State, stateOf } from './state.js'
import { look, stored } from './strided.js'
import { told } from './told.js'
import './views.css'

export const mount: Mount = async ({ host, params, signal }) => {
  let state: State = stateOf(params)
  let queue = Promise.resolve()
  const picture = new Picture(await stored(), offset => change({ offset }))
  const sliders = new Sliders(layout => change(layout))
  const buttons = Object.entries(operations).map(([name, { label }]) => {
    const button = h('button', { onclick: () => act(name) }, label)
    return { name, button }
  })
  const result = h('div', { class: 'result', 'aria-live': 'polite' })
  const message = h('p', { class: 'wrong message', role: 'alert' })
  const rule = h('p', { class: 'about' })
  const example = choice(
    'Example',
    [['', 'choose'], ...examples.map(({ title }, i) => [String(i), title] as const)],
    '',
    i => i && change(examples[Number(i)]),
  )
  fill(
    host,
    h(
      'div',
      { class: 'row' },
      example,
      toggle('Show gradients', state.gradient, gradient => change({ gradient })),
    ),
    rule,
    h('h2', {}, 'The storage'),
    picture.storage,
    h(
      'div',
      { class: 'columns' },
      h('div', {}, h('h2', {}, 'The view'), picture.view, picture.words, message),
      h(
        'div',
        {},
        h('h2', {}, 'Shape, strides, offset'),
        sliders.element,
        h(
          'div',
          { class: 'row operations' },
          buttons.map(({ button }) => button),
        ),
        result,
      ),
    ),
  )
  if (state.operation && state.operation in operations) act(state.operation)
  else change({})
  await queue

  function change(next: Partial<State>): void {
    state = { ...state, operation: null, ...next }
    fill(result)
    queue = queue.then(show)
  }

  /** Runs an operation on the view, and goes on with the result if that is a view, too. */
  function act(name: string): void {
    queue = queue.then(async () => {
      const operation = operations[name]
      if (operation.fits(state.shape)) {
        const found = await made(operation, state).catch(() => null)
        if (found?.kind === 'view') state = { ...state, ...found.layout, operation: null }
        else state = { ...state, operation: name }
        fill(result, found && told(name, found))
      }
      await show()
    })
  }

  async function show(): Promise<void> {
    const found = await look(state).catch(error => error as Error)
    if (signal.aborted) return
    remember(addressOf(state))
    const isWrong = found instanceof Error
    message.textContent = isWrong ? `${found.message}. The view reaches beyond the storage.` : ''
    rule.textContent = state.gradient
      ? 'The gradients 1, 2, 3, … come to the view. A cell that is read n times receives n of them, ' +
        'and they are added. Point at a cell to see which.'
      : 'Point at an element or a cell. Click a cell of the storage: the view then begins there.'
    picture.show(state, isWrong ? null : found, state.gradient)
    sliders.show(state)
    for (const { name, button } of buttons)
      button.disabled = isWrong || !operations[name].fits(state.shape)
  }
}
