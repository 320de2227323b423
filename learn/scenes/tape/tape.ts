/** Scene 1: an expression is recorded, and the walk back goes through it, gradient by gradient. */
import { fill, h } from '../../shell/dom.js'
import { remember } from '../../shell/route.js'
import type { Mount } from '../../shell/scene.js'
import { Entry } from './entry.js'
import { type Program, parse } from './expression.js'
import { Drawing } from './graph.js'
import { completed, LeafFields, valuesOf } from './leaves.js'
import { marks } from './marks.js'
import { orderPanel } from './orderview.js'
import { ownWalk } from './ownorder.js'
import { Player } from './player.js'
import { lastOf, sightAt } from './sight.js'
import { Source } from './source.js'
import { addressOf, presetLeaves, type State, stateOf } from './state.js'
import { markAt, told } from './told.js'
import './tape.css'
import { type Leaves, type Tape, tapeOf } from './walk.js'

export const mount: Mount = async ({ host, params, signal }) => {
  let state: State = stateOf(params)
  let known: { program: Program; leaves: Leaves; tape: Tape } | null = null
  let queue = Promise.resolve() // one thing after the other: each waits for the GPU

  const drawing = new Drawing()
  const source = new Source()
  const panel = h('section', { class: 'panel', tabindex: 0, 'aria-label': 'This step' })
  const player = new Player(at => change({ at }))
  const own = h('button', { onclick: () => change({ order: [] }) }, 'Order the visits yourself')
  const again = h('button', { onclick: () => change({ order: [] }) }, 'Begin again')
  const leave = h('button', { onclick: () => change({ order: null }) }, 'Back to the walk')
  const entry = new Entry(state.expression, (expression, isExample) => {
    const leaves = isExample ? presetLeaves(expression) : state.leaves
    renew({ expression, leaves, at: null, order: state.order && [] })
  })
  const fields = new LeafFields(leaves => renew({ leaves }))
  const columns = h(
    'div',
    { class: 'columns' },
    h('div', { class: 'scroll graph', tabindex: 0 }, drawing.element),
    panel,
    source.element,
  )
  fill(
    host,
    entry.element,
    fields.element,
    h('div', { class: 'row walk' }, player.element, own, again, leave),
    columns,
    h(
      'p',
      { class: 'about' },
      'Boxes with square corners are leaves, the others are results of records. Under the line stands ',
      h('span', { class: 'gradient' }, 'the gradient'),
      ': how much the result changes per change of this number.',
    ),
  )
  signal.addEventListener('abort', () => {
    player.pause()
    source.destroy()
  })
  await renew({})

  /** Parses, computes and draws anew. */
  function renew(next: Partial<State>): Promise<void> {
    player.pause()
    set(next)
    queue = queue.then(async () => {
      try {
        const program = parse(state.expression)
        const leaves = completed(program.leaves, state.leaves)
        state = { ...state, leaves }
        fields.draw(leaves)
        const values = valuesOf(leaves)
        const tape = await tapeOf(program, values)
        if (signal.aborted) return
        known = { program, leaves: values, tape }
        drawing.draw(tape)
        entry.say(null)
        await show()
      } catch (error) {
        known = null
        player.show(null, 0)
        entry.say(error as Error)
      }
      columns.classList.toggle('stale', known === null)
    })
    return queue
  }

  function set(next: Partial<State>): void {
    state = { ...state, ...next }
    player.element.hidden = own.hidden = state.order !== null
    again.hidden = leave.hidden = state.order === null
  }

  function change(next: Partial<State>): void {
    set(next)
    queue = queue.then(show)
  }

  async function show(): Promise<void> {
    if (!known) return
    remember(addressOf(state))
    if (state.order) return showOrder(known, state.order)
    const { tape } = known
    const at = Math.min(state.at ?? tape.records.length, lastOf(tape))
    player.show(tape, at)
    drawing.show(sightAt(tape, at), null)
    fill(panel, told(tape, at))
    source.mark(markAt(tape, at))
  }

  async function showOrder(
    { program, leaves, tape }: NonNullable<typeof known>,
    order: readonly number[],
  ): Promise<void> {
    player.pause()
    const names = tape.records.map(({ name }) => name)
    const visited = order.flatMap(i => names[i - 1] ?? [])
    const walk = await ownWalk(program, leaves, visited)
    if (signal.aborted) return
    const visit = (name: string) => change({ order: [...order, names.indexOf(name) + 1] })
    const current = walk.visits.at(-1)?.name ?? null
    const sight = { ...sightAt(tape, names.length), gradients: walk.gradients, current }
    drawing.show(sight, { open: new Set(walk.open), visit })
    fill(panel, orderPanel(tape, walk))
    source.mark(marks.order)
  }
}
