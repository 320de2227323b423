/** The staircase of one operation: a kernel in an editor, what it reads, and how fast all are. */
import { kernels } from '../../../src/kernels/sources.js'
import { fill, h } from '../../shell/dom.js'
import { Editor } from '../../shell/editor.js'
import { remember } from '../../shell/route.js'
import type { Turn } from '../../shell/turns.js'
import { checkText } from './check.js'
import { timeExchanged } from './exchange.js'
import { type Limits, measureLimits, seconds } from './measure.js'
import { countReads, type Who } from './reads.js'
import { readsPanel } from './readspanel.js'
import { type Known, staircase } from './staircase.js'
import type { Step, Subject } from './subject.js'

/** Draws it, begun at the rung that is wanted. Returns what ends it. */
export function family(
  place: HTMLElement,
  subject: Subject,
  wanted: string | null,
  turn: Turn,
): () => void {
  const { steps } = subject
  const able = steps.filter(({ missing }) => !missing)
  const known = new Map<string, { loads: number | null; speed: number | null }>(
    steps.map(({ name }) => [name, { loads: null, speed: null }]),
  )
  let limits: Limits | null = null
  let step = able.find(({ name }) => name === wanted) ?? able[0]
  let who: Who = { workgroup: 0, invocation: 0 }
  let writers: readonly (Who | null)[] = []
  let own: { loads: number; speed: number | null } | null = null // of an edited text that is right
  let edits = 0 // an answer to an older text is not shown
  let isOpen = true

  const rungs = h('div', { class: 'row rungs', role: 'group', 'aria-label': 'Kernels' })
  const verdict = h('p', { class: 'verdict', 'aria-live': 'polite' })
  const stairs = staircase()
  const reads = readsPanel(cell => {
    who = writers[cell] ?? who
    look()
  })
  const textOf = ({ kernel }: Step) => kernels[kernel.name]
  const editor = new Editor({
    text: textOf(step),
    language: 'wgsl',
    label: 'The kernel’s WGSL',
    onchange: () => {
      edits++
      own = null
      setTimeout(check, 350, edits)
    },
  })

  const draw = () => {
    fill(
      rungs,
      steps.map(each =>
        h(
          'button',
          {
            'aria-pressed': String(each === step),
            disabled: each.missing !== null,
            title: each.missing,
            onclick: () => climb(each),
          },
          each.name,
        ),
      ),
    )
    const rows = steps.map(({ name, missing }): Known => ({ name, missing, ...known.get(name)! }))
    stairs.show(own ? [...rows, { name: 'your text', missing: null, ...own }] : rows, limits)
  }
  const climb = (to: Step) => {
    step = to
    who = { workgroup: 0, invocation: 0 }
    remember({ family: subject.name, rung: step.name })
    draw()
    editor.text = textOf(step)
  }
  const say = (words: string, right?: boolean) => {
    verdict.className = `verdict ${right === undefined ? '' : right ? 'right' : 'wrong'}`
    verdict.textContent = words
  }
  /** Compiles the text, compares it with float64, and shows what it reads. */
  const check = async (edit: number) => {
    if (edit !== edits || !isOpen) return
    say('Compiling and checking…')
    const { text } = editor
    const found = await turn(() => checkText(subject, step, text))
    if (!found || edit !== edits || !isOpen) return
    editor.errors(found.errors)
    say(found.words, found.right)
    if (found.errors.length === 0) await look(found.right)
  }
  const look = async (isRight = own !== null) => {
    const { text } = editor
    const [now, of] = [who, step]
    const counted = await turn(async () => {
      const problem = subject.counted()
      return { problem, found: await countReads(problem, of, text, now) }
    }).catch((error: Error) => {
      reads.clear(`The loads of this text cannot be counted: ${error.message}`)
      return null
    })
    if (!counted || !isOpen || of !== step) return
    const { problem, found } = counted
    writers = found.writers
    reads.show(problem, found, now)
    const loads = found.perMultiplyAdd
    if (text === textOf(of)) known.get(of.name)!.loads = loads
    else if (isRight) own = { loads, speed: own?.speed ?? null }
    draw()
  }
  const measure = async () => {
    button.disabled = true
    button.textContent = 'Measuring…'
    limits = await turn(measureLimits)
    for (const { name } of able) {
      if (!isOpen) return
      const speed = await turn(async () => {
        const { run, multiplyAdds } = subject.timed()
        return (2 * multiplyAdds) / (await seconds(() => run(name))) / 1e9
      })
      known.get(name)!.speed = speed
      draw()
    }
    if (own) {
      const { text: wgsl } = editor
      const [now, { kernel, name }] = [edits, step]
      const speed = await turn(async () => {
        const { run, multiplyAdds } = subject.timed()
        const took = await timeExchanged(() => run(name), { kernel, wgsl })
        return (2 * multiplyAdds) / took / 1e9
      })
      if (own && now === edits) own.speed = speed
      draw()
    }
    button.disabled = false
    button.textContent = 'Measure again'
  }
  const button = h('button', { class: 'main', onclick: measure }, 'Measure here')
  const original = h('button', { onclick: () => climb(step) }, 'The original text')

  fill(
    place,
    h('p', { class: 'equation number' }, subject.equation),
    rungs,
    h(
      'div',
      { class: 'columns work' },
      h('div', {}, editor.element, verdict, original),
      reads.element,
    ),
    h('h2', {}, 'The staircase'),
    h(
      'p',
      { class: 'row' },
      h(
        'span',
        {},
        'Loads are counted by the kernels themselves, on the problem above. ',
        h('a', { href: '#/chapter/3' }, 'Chapter 3'),
        ' says why fewer are faster, and where not.',
      ),
      button,
    ),
    stairs.element,
  )
  draw()
  void (async () => {
    await turn(async () => reads.wait(subject.counted(), step.name))
    await check(edits)
    for (const each of able) {
      if (known.get(each.name)!.loads !== null || !isOpen) continue
      const found = await turn(() =>
        countReads(subject.counted(), each, textOf(each), { workgroup: 0, invocation: 0 }),
      )
      if (!found || !isOpen) return
      known.get(each.name)!.loads = found.perMultiplyAdd
      draw()
    }
  })()
  return () => {
    isOpen = false
    editor.destroy()
  }
}
