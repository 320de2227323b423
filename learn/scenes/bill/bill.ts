/** The bill of one training step: its launches on a timeline, and eager against compiled. */
import { bill, type Charge } from '../../../src/explain/index.js'
import { isSoftware, useVariants } from '../../../src/index.js'
import { choice } from '../../shell/controls.js'
import { fill, h } from '../../shell/dom.js'
import { remember } from '../../shell/route.js'
import type { Mount } from '../../shell/scene.js'
import './bill.css'
import { makeChoices, settingsOf } from './choices.js'
import { costOf } from './comparison.js'
import { CostTable } from './costtable.js'
import { Detail } from './detail.js'
import { type Settings, Step } from './step.js'
import { type Measure, Timeline } from './timeline.js'

export const mount: Mount = ({ host, params, signal }) => {
  let settings = settingsOf(params)
  let measure: Measure = 'bytes'
  let charges: readonly Charge[] = []
  const detail = new Detail()
  const timeline = new Timeline((charge, i) => detail.show(charge, i, charges.length))
  const words = h('p', { class: 'words', role: 'status' })
  const table = new CostTable()
  const again = h('button', { onclick: () => measureAgain() }, 'Measure again')
  const heights = choice(
    'Height of a bar',
    [
      ['bytes', 'bytes'],
      ['milliseconds', 'time on the GPU'],
    ],
    measure,
    to => {
      measure = to
      timeline.show(charges, measure)
    },
  )
  signal.addEventListener('abort', () => {
    detail.destroy()
    useVariants({}) // other scenes choose for themselves
  })

  fill(
    host,
    h('div', { class: 'row' }, makeChoices(settings, change), heights),
    words,
    h(
      'p',
      {},
      'One bar per launch, in order; the heights are on a logarithmic scale. Point to one.',
    ),
    timeline.element,
    detail.element,
    h('h2', {}, 'Eager against compiled'),
    h(
      'p',
      { class: 'about' },
      'Eager: JavaScript asks for each launch. Compiled: the step was recorded once, and its ' +
        'launches are replayed in one submit. Both give the same bits.',
    ),
    table.element,
    h('div', { class: 'row' }, again),
  )

  let step: Step | null = null
  let version = 0
  signal.addEventListener('abort', () => {
    version++
    step?.dispose()
  })

  function change(part: Partial<Settings>) {
    settings = { ...settings, ...part }
    remember({ ...settings })
    begin()
  }

  function begin(): void {
    const mine = ++version
    write(mine).catch(error => {
      if (mine === version) words.textContent = error.message
    })
  }

  /** The bill of a new step, unless another one is asked for meanwhile. */
  async function write(mine: number): Promise<void> {
    words.textContent = 'Compiling the kernels and writing the bill…'
    await new Promise(resolve => setTimeout(resolve)) // the page shows these words
    if (mine !== version) return
    step?.dispose()
    step = new Step(settings)
    step.eager() // compiles the kernels
    const made = await bill(step.forward, step.optimizer)
    if (mine !== version) return
    charges = made.charges
    const isTimed = charges.every(({ milliseconds }) => milliseconds !== null)
    heights.hidden = !isTimed
    if (!isTimed) measure = 'bytes'
    timeline.show(charges, measure)
    await compare(step, mine)
  }

  async function measureAgain(): Promise<void> {
    if (step) await compare(step, version)
  }

  async function compare(of: Step, mine: number): Promise<void> {
    words.textContent = 'Measuring…'
    again.disabled = true
    const repeats = isSoftware() ? 5 : 30
    const eager = await costOf(() => of.eager(), repeats)
    if (mine !== version) return
    for (let i = 0; i < 3; i++) of.replay() // records, and prepares the first replay
    const compiled = await costOf(() => of.replay(), repeats)
    if (mine !== version) return
    table.show(eager, compiled)
    again.disabled = false
    words.textContent = `${charges.length} launches in a step.`
  }

  begin()
}
