/** Plant a bug, check all rules, and see what the bug does to a training. */
import { scope } from '../../../src/index.js'
import { Chart } from '../../shell/chart.js'
import { choice } from '../../shell/controls.js'
import { fill, h } from '../../shell/dom.js'
import { remember } from '../../shell/route.js'
import type { Turn } from '../../shell/turns.js'
import { type Checked, checkRule, suspects, tolerance } from './checks.js'
import { Training } from './network.js'
import { type Bug, type Kind, kinds } from './plant.js'
import { kindsOf, type Rule, rules } from './rules.js'

const none = 'none'
const trainingSteps = 60

export function planting(params: URLSearchParams, turn: Turn, signal: AbortSignal): HTMLElement {
  let rule: Rule | null = rules.find(({ op }) => op === params.get('rule')) ?? null
  let input = Math.min(Math.max(Number(params.get('input') ?? 0), 0), (rule?.names.length ?? 1) - 1)
  let kind: Kind = (params.get('bug') ?? 'sign') in kinds ? (params.get('bug') as Kind) : 'sign'
  const bug = (): Bug | null => rule && { op: rule.op, input, kind }

  const controls = h('div', { class: 'row' })
  const verdict = h('p', { class: 'verdict', 'aria-live': 'polite' })
  const list = h('ul', { class: 'rules' })
  const tiles = rules.map(({ op }) => tile(op))
  fill(
    list,
    tiles.map(({ element }) => element),
  )

  const keep = () => {
    remember({ rule: rule?.op ?? null, input: rule && input, bug: rule && kind })
    drawControls()
    verdict.className = 'verdict'
    verdict.textContent = 'Press “Check all rules”.'
    for (const { clear } of tiles) clear()
  }
  const drawControls = () => {
    if (rule && !kindsOf(rule, input).includes(kind)) kind = 'sign'
    fill(
      controls,
      choice(
        'A bug in',
        [[none, 'no rule'], ...rules.map(({ op }) => [op, op] as const)],
        rule?.op ?? none,
        op => {
          rule = rules.find(one => one.op === op) ?? null
          input = 0
          keep()
        },
      ),
      rule && [
        choice(
          'the gradient of',
          rule.names.map((name, i) => [String(i), name] as const),
          String(input),
          i => {
            input = Number(i)
            keep()
          },
        ),
        choice<Kind>(
          'namely',
          kindsOf(rule, input).map(kind => [kind, kinds[kind]] as const),
          kind,
          to => {
            kind = to
            keep()
          },
        ),
      ],
    )
  }
  const check = async () => {
    const now = bug()
    checking.disabled = true
    verdict.className = 'verdict'
    for (const { clear } of tiles) clear()
    const checked: Checked[] = []
    for (const [i, one] of rules.entries()) {
      verdict.textContent = `Checking ${one.op}…`
      const found = await turn(() => checkRule(one, now))
      if (!found) return
      checked.push(found)
      tiles[i].show(found)
    }
    checking.disabled = false
    const names = suspects(checked)
    const failed = checked.find(({ ok }) => !ok)
    verdict.classList.add(failed ? 'wrong' : 'right')
    verdict.textContent = failed
      ? `The rule of ${names.join(' or ')} is wrong: its gradient says ` +
        `${failed.byGradient.toPrecision(5)}, the difference ${failed.byDifference.toPrecision(5)}.`
      : `All ${checked.length} rules are right, within ${tolerance} of the differences.`
  }
  const checking = h('button', { class: 'main', onclick: check }, 'Check all rules')
  const { element: trained, button: train } = training(bug, turn, signal)
  drawControls()
  verdict.textContent = 'Press “Check all rules”.'
  return h(
    'section',
    { class: 'planting' },
    h('h2', {}, 'Plant a bug, and find it'),
    h(
      'p',
      {},
      'The tape is data: a list of operations with their arrows. Here you bend one arrow of the ',
      'real engine. The check knows nothing of it. For each rule it takes a random direction v, and ',
      'compares what the gradient says, ⟨∇f, v⟩, with a finite difference along v.',
    ),
    controls,
    h('div', { class: 'row' }, checking, train),
    verdict,
    list,
    trained,
  )
}

/** One rule's place in the list. */
function tile(op: string) {
  const state = h('span', { class: 'state' })
  const numbers = [h('span', { class: 'number' }), h('span', { class: 'number' })]
  const element = h('li', {}, h('strong', {}, op), state, numbers)
  const say = (name: string, words: string, ...lines: readonly string[]) => {
    element.className = name
    state.textContent = words
    for (const [i, line] of numbers.entries()) line.textContent = lines[i] ?? ''
  }
  const clear = () => say('', 'not checked')
  clear()
  return {
    element,
    clear,
    show({ ok, byGradient, byDifference }: Checked) {
      const [name, words] = ok ? ['passed', '✓ right'] : ['failed', '✗ wrong']
      const [a, b] = [byGradient.toFixed(4), byDifference.toFixed(4)]
      say(name, words, `⟨∇f, v⟩ ${a}`, `Δf / 2ε ${b}`)
    },
  }
}

/** Two loss curves: without the bug, and with it. */
function training(bug: () => Bug | null, turn: Turn, signal: AbortSignal) {
  const chart = new Chart({
    label: 'The loss of a small autoencoder, trained with the right rules and with the bug',
    x: 'step',
    curves: ['loss with the right rules', 'loss with the bug'],
  })
  const words = h(
    'p',
    { 'aria-live': 'polite' },
    'A small autoencoder of 14 of these rules learns 32 digits.',
  )
  const run = async () => {
    button.disabled = true
    const now = bug()
    const losses: (number | null)[][] = [[], [], []]
    await turn(async () => {
      const both = [new Training(null), ...(now ? [new Training(now)] : [])]
      for (let i = 0; i < trainingSteps && !signal.aborted; i++) {
        losses[0].push(i)
        losses[2].push(null)
        for (const [k, one] of both.entries()) {
          const loss = await scope(() => one.step()).item()
          losses[k + 1][i] = Number.isFinite(loss) ? loss : null
        }
        chart.set(...losses)
        words.textContent = `Step ${i + 1} of ${trainingSteps}.`
      }
    })
    button.disabled = false
    const last = (k: number) => losses[k].at(-1)?.toFixed(4) ?? 'not a number'
    words.textContent = now
      ? `After ${trainingSteps} steps: ${last(1)} with the right rules, ${last(2)} with the bug.`
      : `After ${trainingSteps} steps: ${last(1)}. Plant a bug to see a second curve.`
  }
  const button = h('button', { onclick: run }, 'Train with it and without')
  const element = h(
    'section',
    {},
    h('h3', {}, 'What it does to a training'),
    h(
      'p',
      {},
      'A wrong rule need not stop a training. What lies behind it learns the wrong way, and the ',
      'rest of the network makes up for it: the loss falls, more slowly. So a loss that falls ',
      'proves nothing. Try tanh, and then mseLoss.',
    ),
    words,
    chart.element,
  )
  return { element, button }
}
