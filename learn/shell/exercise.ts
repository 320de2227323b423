/** Programs in a chapter: an editor, Run, what it printed, and the verdict of an exercise. */
import { exercises } from '../exercises/index.js'
import { type Child, fill, h } from './dom.js'
import { Editor } from './editor.js'
import './exercise.css'
import { run } from './runner.js'

/** Puts editors in the place of the marks of exercises and of the programs in a chapter. */
export function drawPrograms(article: HTMLElement, signal: AbortSignal): void {
  for (const mark of article.querySelectorAll<HTMLElement>('.exercise'))
    drawExercise(mark, mark.dataset.name!, signal)
  const earlier: Editor[] = []
  for (const code of article.querySelectorAll('pre > code.language-js')) {
    const before = [...earlier]
    const place = h('div', { class: 'program' })
    const text = code.textContent.trimEnd()
    code.parentElement!.replaceWith(place)
    const editor = drawRunnable(place, { text, label: 'A program to run and to change' }, signal, {
      code: text => [...before.map(({ text }) => text), 'console.clear()', text].join('\n'),
      lines: () => before.reduce((sum, { text }) => sum + text.split('\n').length, 1),
    })
    earlier.push(editor)
  }
}

function drawExercise(place: HTMLElement, name: string, signal: AbortSignal): void {
  const { title, start, answer, language } = exercises[name]
  const editor = drawRunnable(
    place,
    { text: start, label: `Exercise: ${title}`, wgsl: language === 'wgsl', exercise: name },
    signal,
  )
  const put = (text: string) => () => {
    editor.text = text
  }
  place.prepend(h('h3', {}, 'Exercise: ', title))
  place
    .querySelector('.row')!
    .append(
      h('button', { onclick: put(answer) }, 'Show the answer'),
      h('button', { onclick: put(start) }, 'Start again'),
    )
}

interface Runnable {
  readonly text: string
  readonly label: string
  readonly wgsl?: boolean
  readonly exercise?: string
}

/** What stands before the text when it runs, and how many lines that is. */
interface Around {
  code(text: string): string
  lines(): number
}

const alone: Around = { code: text => text, lines: () => 0 }

function drawRunnable(
  place: HTMLElement,
  { text, label, wgsl, exercise }: Runnable,
  signal: AbortSignal,
  { code, lines }: Around = alone,
): Editor {
  const editor = new Editor({
    text,
    label,
    language: wgsl ? 'wgsl' : 'typescript',
    onchange: () => editor.errors([]),
  })
  const print = h('pre', { class: 'printed', tabindex: 0, 'aria-label': 'What it printed' })
  const verdict = h('p', { class: 'verdict', 'aria-live': 'polite' })
  const say = (kind: string, ...words: Child[]) => {
    verdict.className = `verdict ${kind}`
    fill(verdict, ...words)
  }
  const start = async () => {
    button.disabled = true
    editor.errors([])
    print.textContent = ''
    say('', 'Running…')
    const { ok, words, line } = await run(
      { code: code(editor.text), exercise },
      {
        signal,
        onprint(lines) {
          print.textContent = lines.join('\n')
        },
      },
    )
    const at = line === undefined ? 0 : line - lines()
    if (at > 0) editor.errors([{ line: at, message: words }])
    if (ok) say('right', words && '✓ ', words)
    else say('wrong', at > 0 ? `Line ${at}: ${words}` : words)
    button.disabled = false
  }
  const button = h('button', { class: 'main', onclick: start }, 'Run')
  editor.element.addEventListener(
    'keydown',
    event => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      event.stopPropagation()
      if (!button.disabled) start()
    },
    true,
  )
  fill(place, editor.element, h('div', { class: 'row' }, button, verdict), print)
  signal.addEventListener('abort', () => editor.destroy(), { once: true })
  return editor
}
