/** Scene 1: an expression is recorded, and the walk back goes through it, gradient by gradient. */
import { choice, slider } from '../../shell/controls.js'
import { type Child, fill, h } from '../../shell/dom.js'
import { remember } from '../../shell/route.js'
import type { Mount } from '../../shell/scene.js'
import { ExpressionError, type Program, parse } from './expression.js'
import { Drawing } from './graph.js'
import { completed, LeafFields, valuesOf } from './leaves.js'
import { marks } from './marks.js'
import { orderPanel } from './orderview.js'
import { ownWalk } from './ownorder.js'
import { presetOf, presets } from './presets.js'
import { passed, recorded } from './rule.js'
import { lastOf, sightAt, stepAt } from './sight.js'
import { Source } from './source.js'
import { addressOf, presetLeaves, type State, stateOf } from './state.js'
import './tape.css'
import { type Leaves, type Tape, tapeOf } from './walk.js'

const pace = 1100 // milliseconds from one step to the next, when it plays

export const mount: Mount = async ({ host, params, signal }) => {
  let state: State = stateOf(params)
  let known: { program: Program; leaves: Leaves; tape: Tape } | null = null
  let playing: number | undefined
  let queue = Promise.resolve()

  const drawing = new Drawing()
  const source = new Source()
  const panel = h('section', { class: 'panel', tabindex: 0, 'aria-label': 'This step' })
  const message = h('p', { class: 'message wrong', role: 'alert' })
  const field = h('input', {
    type: 'text',
    class: 'expression',
    value: state.expression,
    spellcheck: 'false',
    autocapitalize: 'off',
    'aria-label': 'Expression',
    oninput: () => {
      state = { ...state, expression: field.value, at: null, order: state.order && [] }
      renew(true)
    },
  })
  const fields = new LeafFields(leaves => {
    state = { ...state, leaves }
    renew(false)
  })
  const position = slider({
    label: 'Step',
    min: 0,
    max: 1,
    value: 0,
    show: at => words(at),
    oninput: at => go(at),
  })
  const back = h('button', { onclick: () => go(at() - 1) }, 'Previous')
  const next = h('button', { onclick: () => go(at() + 1) }, 'Next')
  const play = h('button', { class: 'main', onclick: () => (playing ? pause() : start()) }, 'Play')
  const own = h('button', { onclick: () => order([]) }, 'Order the visits yourself')
  const again = h('button', { onclick: () => order([]) }, 'Begin again')
  const leave = h('button', { onclick: () => order(null) }, 'Back to the walk')
  const preset = choice(
    'Example',
    [...presets.map(({ title, expression }) => [expression, title] as const), ['', 'your own']],
    presetOf(state.expression)?.expression ?? '',
    expression => {
      if (!expression) return field.focus()
      field.value = expression
      state = { ...state, expression, leaves: presetLeaves(expression), at: null }
      state = { ...state, order: state.order && [] }
      renew(true)
    },
  )

  fill(
    host,
    h('div', { class: 'row' }, preset, h('label', { class: 'wide' }, 'Expression', field)),
    message,
    fields.element,
    h('div', { class: 'row walk' }, play, back, next, position, own, again, leave),
    h(
      'div',
      { class: 'columns' },
      h('div', { class: 'scroll graph', tabindex: 0 }, drawing.element),
      panel,
      source.element,
    ),
    h(
      'p',
      { class: 'about legend' },
      'Boxes with square corners are leaves, the others are results of records. Under the line stands ',
      h('span', { class: 'gradient' }, 'the gradient'),
      ': how much the result changes per change of this number.',
    ),
  )
  signal.addEventListener('abort', () => {
    pause()
    source.destroy()
  })
  await renew(true)

  /** Parses, computes and draws anew; with `leavesToo` the fields of the leaves as well. */
  function renew(leavesToo: boolean): Promise<void> {
    pause()
    queue = queue.then(async () => {
      try {
        const program = parse(state.expression)
        const leaves = completed(program.leaves, state.leaves)
        if (leavesToo) fields.draw(leaves)
        state = { ...state, leaves }
        const values = valuesOf(leaves)
        const tape = await tapeOf(program, values)
        if (signal.aborted) return
        known = { program, leaves: values, tape }
        fill(message)
        drawing.draw(tape)
        position.querySelector('input')!.max = String(lastOf(tape))
        await show()
      } catch (error) {
        fill(message, explained(state.expression, error as Error))
      }
    })
    return queue
  }

  function at(): number {
    const { tape } = known!
    return Math.min(state.at ?? tape.records.length, lastOf(tape))
  }

  function go(to: number): void {
    if (!known) return
    state = { ...state, at: Math.max(0, Math.min(to, lastOf(known.tape))), order: null }
    queue = queue.then(show)
  }

  function order(visits: readonly number[] | null): void {
    pause()
    state = { ...state, order: visits }
    queue = queue.then(show)
  }

  async function show(): Promise<void> {
    const { tape, program, leaves } = known!
    const { order: visits } = state
    remember(addressOf(state))
    for (const element of [play, back, next, position, own]) element.hidden = visits !== null
    for (const element of [again, leave]) element.hidden = visits === null
    if (visits) {
      const names = visits.flatMap(i => tape.records[i - 1]?.name ?? [])
      const walk = await ownWalk(program, leaves, names)
      if (signal.aborted) return
      const whole = sightAt(tape, tape.records.length)
      const current = walk.visits.at(-1)?.name ?? null
      const visit = (name: string) =>
        order([...visits, tape.records.findIndex(record => record.name === name) + 1])
      drawing.show(
        { ...whole, gradients: walk.gradients, current },
        { open: new Set(walk.open), visit },
      )
      fill(panel, orderPanel(tape, walk))
      source.mark(marks.order)
      return
    }
    position.set(at())
    back.disabled = at() === 0
    next.disabled = at() === lastOf(tape)
    drawing.show(sightAt(tape, at()), null)
    fill(panel, told(tape, at()))
    source.mark(markAt(tape, at()))
  }

  function start(): void {
    if (at() === lastOf(known!.tape)) go(0)
    play.textContent = 'Pause'
    playing = window.setInterval(() => {
      if (at() < lastOf(known!.tape)) go(at() + 1)
      else pause()
    }, pace)
  }

  function pause(): void {
    clearInterval(playing)
    playing = undefined
    play.textContent = 'Play'
  }

  function words(to: number): string {
    if (!known) return ''
    const { records, steps } = known.tape
    if (to <= records.length) return `recorded ${to} of ${records.length}`
    return `back ${to - records.length - 1} of ${steps.length}`
  }
}

/** The panel at a position. */
function told(tape: Tape, at: number): Child {
  const { records } = tape
  const step = stepAt(tape, at)
  if (step) return passed(tape, step)
  if (at > records.length)
    return [
      h('h2', {}, 'The walk back begins'),
      h('p', {}, 'The result changes by 1 per change of itself. So its gradient is 1.'),
    ]
  if (at > 0) return recorded(tape, records[at - 1])
  return [
    h('h2', {}, 'Leaves'),
    h('p', {}, 'Nothing is recorded yet. Each operation will add one record to the tape.'),
  ]
}

function markAt(tape: Tape, at: number) {
  const step = stepAt(tape, at)
  if (step) return step.passed.some(({ parts }) => parts.length > 1) ? marks.add : marks.pass
  if (at > tape.records.length) return marks.start
  return at > 0 ? marks.record : marks.leaves
}

/** An error, under the place in the expression where it is. */
function explained(expression: string, error: Error): Child {
  if (!(error instanceof ExpressionError)) return error.message
  const { at, message } = error
  return [
    h('code', {}, expression.slice(0, at), h('mark', {}, expression.slice(at, at + 1) || '␣')),
    ' ',
    message,
  ]
}
