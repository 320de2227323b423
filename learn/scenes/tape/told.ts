/** What the panel says at a position of the walk, and which lines of the source run there. */
import { type Child, h } from '../../shell/dom.js'
import { type Mark, marks } from './marks.js'
import { passed, recorded } from './rule.js'
import { stepAt } from './sight.js'
import type { Tape } from './walk.js'

export function told(tape: Tape, at: number): Child {
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

export function markAt(tape: Tape, at: number): Mark {
  const step = stepAt(tape, at)
  if (step) return step.passed.some(({ parts }) => parts.length > 1) ? marks.add : marks.pass
  if (at > tape.records.length) return marks.start
  return at > 0 ? marks.record : marks.leaves
}
