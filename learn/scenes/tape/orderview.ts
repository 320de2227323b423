/** "Order the visits yourself": what the reader's order gave, and why. */
import { type Child, h } from '../../shell/dom.js'
import type { OwnWalk } from './ownorder.js'
import { lineOf, type Values } from './values.js'
import type { Tape } from './walk.js'

/** The panel, after some visits. */
export function orderPanel(tape: Tape, walk: OwnWalk): Child {
  const { visits, open } = walk
  const title = (name: string) => tape.items.get(name)!.title
  return [
    h('h2', {}, 'Order the visits yourself'),
    open.length > 0 &&
      h(
        'p',
        { class: 'meaning' },
        'The gradient of the result is 1. Click a record that a gradient has reached. Its arrows pass ',
        'on what is there at that moment. Each record is visited once.',
      ),
    h(
      'ol',
      { class: 'visits' },
      visits.map(({ name, arrived, expected, dy }) =>
        h(
          'li',
          { class: arrived < expected ? 'wrong' : '' },
          `${title(name)}: ${arrived} of ${expected} `,
          expected === 1 ? 'gradient was there' : 'gradients were there',
          `, d${title(name)} = ${lineOf(dy)}`,
        ),
      ),
    ),
    h(
      'div',
      { 'aria-live': 'polite', class: 'order-verdict' },
      open.length === 0 && verdict(tape, walk),
    ),
  ]
}

function verdict(tape: Tape, { visits, gradients }: OwnWalk): Child {
  const right = finalGradients(tape)
  const leaves = [...right].filter(([name]) => !tape.items.get(name)!.record)
  const wrong = leaves.filter(([name, value]) => !isClose(gradients.get(name), value))
  const early = visits.filter(({ arrived, expected }) => arrived < expected)
  if (wrong.length === 0)
    return h(
      'p',
      { class: 'right' },
      '✓ All gradients are right: each record was visited when its gradient was whole.',
    )
  return [
    wrong.map(([name, value]) =>
      h(
        'p',
        { class: 'wrong' },
        `✗ d${name} = ${gradients.has(name) ? lineOf(gradients.get(name)!) : 'nothing'}; `,
        `it must be ${lineOf(value)}.`,
      ),
    ),
    early.map(({ name, arrived, expected }) => {
      const { title } = tape.items.get(name)!
      return h(
        'p',
        {},
        `${title} was visited when ${arrived} of its ${expected} gradients had arrived. What came `,
        `later was never passed on. Visit first all records that used ${title}: they are newer than `,
        `the record that made it. So newest first is always right.`,
      )
    }),
  ]
}

/** By name, at the end of the walk newest first. */
function finalGradients({ steps }: Tape): Map<string, Values> {
  return new Map(steps.flatMap(({ passed }) => passed.map(({ to, sum }) => [to, sum])))
}

function isClose(a: Values | undefined, b: Values): boolean {
  return (
    a !== undefined && b.data.every((x, i) => Math.abs(x - a.data[i]) <= 1e-5 * (1 + Math.abs(x)))
  )
}
