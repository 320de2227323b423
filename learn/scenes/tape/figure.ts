/** The graph of a tape without controls, for a chapter. */
import { h } from '../../shell/dom.js'
import { parse } from './expression.js'
import { Drawing } from './graph.js'
import { completed, valuesOf } from './leaves.js'
import { lastOf, sightAt } from './sight.js'
import { stateOf } from './state.js'
import './tape.css'
import { tapeOf } from './walk.js'

export async function draw(params: URLSearchParams): Promise<HTMLElement> {
  const { expression, leaves, at } = stateOf(params)
  const program = parse(expression)
  const tape = await tapeOf(program, valuesOf(completed(program.leaves, leaves)))
  const drawing = new Drawing(1)
  drawing.draw(tape)
  drawing.show(sightAt(tape, Math.min(at ?? tape.records.length, lastOf(tape))), null)
  return h('div', {}, drawing.element)
}
