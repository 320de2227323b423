/** What happens at one step, in words and with the numbers of the tensors in the equation. */
import type { TapeRecord } from '../../../src/explain/index.js'
import { type Child, h } from '../../shell/dom.js'
import { arrowsInSource } from './arrowview.js'
import { matrix } from './matrix.js'
import type { Values } from './values.js'
import type { Passed, Step, Tape } from './walk.js'

/** The letters of a record's equations: a and b for its inputs, y for its result, dy for its gradient. */
function letters({ formula, arrows }: TapeRecord): { result: string; inputs: string[] } {
  const result = formula.match(/^[A-Za-z]/)![0]
  return { result, inputs: arrows.map(arrow => arrow.match(/^d([^ :]+)/)?.[1] ?? '') }
}

function knownOf({ items }: Tape, { inputs }: TapeRecord, letters: readonly string[]) {
  return new Map(inputs.map(({ name }, i) => [letters[i], items.get(name)!.values]))
}

/** What was computed, with numbers:  %1 = a b = 3 · 2 = 6 */
export function recorded(tape: Tape, record: TapeRecord): Child {
  const { items } = tape
  const of = letters(record)
  const known = knownOf(tape, record, of.inputs)
  const item = items.get(record.name)!
  return [
    h('h2', {}, `${item.title} = ${record.op}(${titles(tape, record)}) is recorded`),
    meaning(tape, record),
    equation(record.formula, known, item.values),
    h(
      'p',
      {},
      'With it the tape keeps an arrow to ',
      list(record.inputs.filter(({ passes }) => passes).map(({ name }) => items.get(name)!.title)),
      '.',
    ),
  ]
}

/** What a record passed on. */
export function passed(tape: Tape, step: Step): Child {
  const item = tape.items.get(step.name)!
  const record = item.record!
  const of = letters(record)
  const known = knownOf(tape, record, of.inputs)
  known.set(of.result, item.values)
  known.set(`d${of.result}`, step.dy)
  return [
    h('h2', {}, `Back through ${item.title} = ${record.op}(${titles(tape, record)})`),
    meaning(tape, record),
    step.passed.map(one => [
      equation(record.arrows[one.input] ?? `d${one.to} = …`, known, one.dx),
      meeting(tape, one),
    ]),
    arrowsInSource(record.op),
  ]
}

/** dx₁ + dx₂ = 3 + 3 = 6, where a gradient had come before. */
function meeting(tape: Tape, { to, parts, sum }: Passed): Child {
  if (parts.length < 2) return null
  const { title } = tape.items.get(to)!
  const names = parts.map((_, i) => `d${title}${subscript(i + 1)}`).join(' + ')
  const numbers = parts.flatMap((part, i) =>
    i > 0 ? [' + ', matrix(part, true)] : [matrix(part, true)],
  )
  return h('p', { class: 'equation meeting' }, `${names} = `, numbers, ' = ', matrix(sum))
}

/** Which tensors the letters stand for, where they have other names. */
function meaning({ items }: Tape, record: TapeRecord): Child {
  const of = letters(record)
  const pairs = record.inputs.flatMap(({ name }, i) => {
    const { title } = items.get(name)!
    return of.inputs[i] && of.inputs[i] !== title ? [`${of.inputs[i]} is ${title}`] : []
  })
  const { title } = items.get(record.name)!
  if (of.result !== title) pairs.push(`${of.result} is ${title}`)
  return h('p', { class: 'meaning' }, pairs.length > 0 ? `Here ${pairs.join(', ')}.` : '')
}

/** da = dy b, then the same with numbers, then the result. */
function equation(formula: string, known: Known, value: Values): Child {
  const [, left, right] = formula.match(/^(.*?)(?: = |: )(.*)$/)!
  const numbers = inserted(right, known)
  return h(
    'p',
    { class: 'equation' },
    h('span', { class: 'rule' }, `${left} = ${right}`),
    h('span', {}, numbers ? [' = ', numbers] : '', ' = ', matrix(value)),
  )
}

type Known = ReadonlyMap<string, Values>

/** The right side of an equation with tensors in place of letters; null where there is none. */
function inserted(right: string, known: Known): Child {
  const tokens = right.split(/(d?[A-Za-z]+(?![\w[\]]))/).filter(token => token !== '')
  const [first] = known.values() // an input: n is the number of its elements
  const numbers = tokens.map((token, i) => {
    if (known.has(token)) return matrix(known.get(token)!, true)
    if (token === 'n' && tokens[i - 1]?.endsWith('/ ')) return String(first.data.length)
    return token === ' ' && known.has(tokens[i - 1]) && known.has(tokens[i + 1]) ? ' · ' : token
  })
  return numbers.some(one => typeof one !== 'string') ? numbers : null
}

function titles({ items }: Tape, { inputs }: TapeRecord): string {
  return inputs.map(({ name }) => items.get(name)!.title).join(', ')
}

function list(names: readonly string[]): string {
  const all = [...new Set(names)]
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}

function subscript(n: number): string {
  return [...String(n)].map(digit => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('')
}
