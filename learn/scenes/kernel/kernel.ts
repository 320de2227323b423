/** The scene: the staircase of an operation, and puzzles. */
import { choice } from '../../shell/controls.js'
import { fill, h } from '../../shell/dom.js'
import { remember } from '../../shell/route.js'
import type { Mount } from '../../shell/scene.js'
import { turns } from '../../shell/turns.js'
import { convSubject } from './conv.js'
import { family } from './family.js'
import { matmulSubject } from './matmul.js'
import { puzzlePanel } from './puzzlepanel.js'
import { puzzles } from './puzzles.js'
import type { Subject } from './subject.js'
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
