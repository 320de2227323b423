/** The scene: a kernel in an editor, what it reads, and how fast it is. */
import { kernels } from '../../../src/kernels/sources.js'
import { choice } from '../../shell/controls.js'
import { fill, h } from '../../shell/dom.js'
import { Editor } from '../../shell/editor.js'
import { remember } from '../../shell/route.js'
import type { Mount } from '../../shell/scene.js'
import { turns } from '../../shell/turns.js'
import { checkText } from './check.js'
import { convSubject } from './conv.js'
import { matmulSubject } from './matmul.js'
import { type Limits, measureLimits, seconds } from './measure.js'
import { puzzlePanel } from './puzzlepanel.js'
import { puzzles } from './puzzles.js'
import { countReads, type Who } from './reads.js'
import { readsPanel } from './readspanel.js'
import { type Known, staircase } from './staircase.js'
import type { Step, Subject } from './subject.js'
import './kernel.css'

const subjects: readonly Subject[] = [matmulSubject, convSubject]

export const mount: Mount = ({ host, params, signal }) => {
  const turn = turns(signal)
  const subject = subjects.find(({ name }) => name === params.get('family')) ?? matmulSubject
  const place = h('div')
  let close = () => {}
  const show = (subject: Subject, rung: string | null) => {
    close()
    close = family(place, subject, rung, turn)
  }
  const puzzle = Math.min(Math.max(Number(params.get('puzzle') ?? 1), 1), puzzles.length) - 1
  fill(
    host,
    h(
      'div',
      { class: 'row' },
      choice(
        'Operation',
        subjects.map(({ name, title }) => [name, title] as const),
        subject.name,
        name => {
          remember({ family: name, rung: null })
          show(subjects.find(one => one.name === name)!, null)
        },
      ),
    ),
    place,
    puzzlePanel(puzzle, turn),
  )
  show(subject, params.get('rung'))
  signal.addEventListener('abort', () => close())
}

/** The staircase of one operation. Returns what ends it. */
function family(
  place: HTMLElement,
  subject: Subject,
  wanted: string | null,
  turn: ReturnType<typeof turns>,
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
    stairs.show(rows, limits)
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
    if (found.errors.length === 0) await look()
  }
  const look = async () => {
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
    known.get(of.name)!.loads = found.perMultiplyAdd
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
      'Loads are counted by the kernels themselves, on the problem above. Speed is measured when you ask.',
      button,
    ),
    stairs.element,
  )
  draw()
  void (async () => {
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
