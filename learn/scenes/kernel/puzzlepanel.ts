/** The puzzles: a kernel as text with a field in the place of its blank. */
import { type Child, fill, h } from '../../shell/dom.js'
import { remember } from '../../shell/route.js'
import type { Turn } from '../../shell/turns.js'
import { checkAnswer } from './answer.js'
import { puzzles } from './puzzles.js'

export function puzzlePanel(first: number, turn: Turn): HTMLElement {
  const solved = new Set<number>()
  const tabs = h('div', { class: 'row', role: 'group', 'aria-label': 'Puzzles' })
  const place = h('div', { class: 'puzzle' })
  const show = (number: number) => {
    remember({ puzzle: number + 1 })
    drawTabs(number)
    fill(place, puzzle(number))
  }
  const drawTabs = (current: number) =>
    fill(
      tabs,
      puzzles.map(({ title }, i) =>
        h(
          'button',
          { 'aria-pressed': String(i === current), onclick: () => show(i) },
          `${i + 1} ${title}`,
          solved.has(i) && h('span', { class: 'right' }, ' ✓'),
        ),
      ),
    )
  const puzzle = (number: number): Child => {
    const { task, wgsl } = puzzles[number]
    const verdict = h('p', { class: 'verdict', 'aria-live': 'polite' })
    const input = h('input', {
      type: 'text',
      'aria-label': 'What stands in the blank',
      spellcheck: 'false',
      autocomplete: 'off',
      autocapitalize: 'off',
    })
    const check = async (event: Event) => {
      event.preventDefault()
      verdict.className = 'verdict'
      verdict.textContent = 'Compiling and running it…'
      const found = await turn(() => checkAnswer(puzzles[number], input.value.trim() || '____'))
      if (!found) return
      verdict.className = `verdict ${found.right ? 'right' : 'wrong'}`
      verdict.textContent = found.words
      if (found.right) solved.add(number)
      drawTabs(number)
    }
    const [before, after] = wgsl.split('____')
    return h(
      'form',
      { onsubmit: check },
      h('p', {}, task),
      h('pre', {}, coloured(before), input, coloured(after)),
      h('div', { class: 'row' }, h('button', { class: 'main' }, 'Check'), verdict),
    )
  }
  drawTabs(first)
  fill(place, puzzle(first))
  return h('section', { class: 'puzzles' }, h('h2', {}, 'Five puzzles'), tabs, place)
}

/** Comments stand back. */
function coloured(wgsl: string): Child {
  return wgsl
    .split(/(\/\/.*)/)
    .map(part => (part.startsWith('//') ? h('span', { class: 'comment' }, part) : part))
}
