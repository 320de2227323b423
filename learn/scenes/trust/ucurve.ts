/** The error of a finite difference against its step, with a slider along it. */
import { choice, slider } from '../../shell/controls.js'
import { fill, h } from '../../shell/dom.js'
import { LogLog } from '../../shell/loglog.js'
import { remember } from '../../shell/route.js'
import type { Turn } from '../../shell/turns.js'
import {
  type Curve,
  curves,
  type Difference,
  inFloat32,
  inFloat64,
  perDecade,
  roundings,
  type Side,
  steps,
  theory,
} from './differences.js'

export function ucurve(params: URLSearchParams, turn: Turn): HTMLElement {
  let curve: Curve = curves[Number(params.get('f') ?? 0)] ?? curves[0]
  let side: Side = params.get('side') === 'forward' ? 'forward' : 'central'
  let at = nearest(Number(params.get('eps') ?? 1e-4))
  let found: { float32: Difference[]; float64: Difference[] } | null = null

  const plot = new LogLog({
    label: 'The error of a finite difference against its step, in float32 and float64: two valleys',
    x: 'step ε',
    y: 'relative error',
    xs: [1e-12, 1],
    ys: [1e-12, 10],
    height: 360,
  })
  const body = h('tbody')
  const words = h('p', { class: 'reading', 'aria-live': 'polite' })
  const draw = () => {
    if (!found) return
    const float32 = theory(curve, side, roundings.float32)
    const float64 = theory(curve, side, roundings.float64)
    const line = (f: (e: number) => number) => steps.map(e => [e, f(e)] as const)
    plot.show({
      curves: [
        { ink: 'blue', name: 'float32, by the engine', points: shown(found.float32) },
        { ink: 'orange', name: 'float64, by JavaScript', points: shown(found.float64) },
        { ink: 'quiet', name: 'theory', dashed: true, points: line(float32.truncation) },
        { ink: 'quiet', dashed: true, points: line(float32.rounding) },
        { ink: 'quiet', dashed: true, points: line(float64.rounding) },
      ],
      marks: [
        { ink: 'blue', at: [steps[at], error(found.float32[at])], dot: 'large' },
        { ink: 'orange', at: [steps[at], error(found.float64[at])], dot: 'large' },
        {
          ink: 'quiet',
          at: [3e-11, float64.rounding(2e-12)],
          text: 'rounding, ∼ 1/ε',
          dot: 'none',
        },
        {
          ink: 'quiet',
          at: [0.6, float32.truncation(2e-3)],
          text: side === 'central' ? 'curvature, ∼ ε²' : 'curvature, ∼ ε',
          side: 'left',
          dot: 'none',
        },
      ],
      cursor: steps[at],
    })
    fill(body, row('float32', found.float32[at], 9), row('float64', found.float64[at], 17))
    const best = [found.float32, found.float64].map(each => short(steps[lowest(each)]))
    fill(
      words,
      sentence(steps[at], { float32, float64 }),
      h('br'),
      `The best step here is ${best[0]} in float32 and ${best[1]} in float64.`,
    )
  }
  const compute = async () => {
    const [of, from] = [curve, side]
    const float32 = await turn(() => inFloat32(of, from))
    if (!float32 || of !== curve || from !== side) return
    found = { float32, float64: inFloat64(of, from) }
    draw()
  }
  const step = slider({
    label: 'step ε',
    min: 0,
    max: steps.length - 1,
    value: at,
    show: i => short(steps[i]),
    oninput: i => {
      at = i
      remember({ eps: steps[i].toExponential(1) })
      draw()
    },
  })
  step.classList.add('wide')
  void compute()
  return h(
    'section',
    { class: 'ucurve' },
    h('h2', {}, 'How good is a finite difference?'),
    h(
      'p',
      {},
      'A gradient can be checked without any rule: move x by a small ε and see how f changes. ',
      'A large ε cuts the curve instead of touching it. With a small ε, the two values of f are ',
      'nearly equal, and their rounding errors are what is left. The best step lies in between. ',
      h('a', { href: '#/chapter/4' }, 'Chapter 4'),
      ' says where.',
    ),
    h(
      'div',
      { class: 'row' },
      choice(
        'f(x) =',
        curves.map(({ name }, i) => [String(i), name] as const),
        String(curves.indexOf(curve)),
        i => {
          curve = curves[Number(i)]
          remember({ f: i })
          void compute()
        },
      ),
      choice<Side>(
        'difference',
        [
          ['central', '(f(x + ε) − f(x − ε)) / 2ε'],
          ['forward', '(f(x + ε) − f(x)) / ε'],
        ],
        side,
        to => {
          side = to
          remember({ side })
          void compute()
        },
      ),
    ),
    step,
    h(
      'div',
      { class: 'columns' },
      plot.element,
      h(
        'div',
        {},
        h(
          'div',
          { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Differences' },
          h(
            'table',
            {},
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                ['by', 'the two values of f', 'slope', 'error'].map(text =>
                  h('th', { scope: 'col' }, text),
                ),
              ),
            ),
            body,
          ),
        ),
        words,
      ),
    ),
  )
}

/** An error of 0 has no place on an axis of powers: it is drawn at the bottom. */
function error({ error }: Difference): number {
  return Math.min(Math.max(error, 1e-12), 10)
}

function shown(found: readonly Difference[]): (readonly [number, number])[] {
  return found.map((difference, i) => [steps[i], error(difference)])
}

/** The lowest point of the valley: of the mean over a third of a decade, since rounding is erratic. */
function lowest(found: readonly Difference[]): number {
  const reach = perDecade / 4
  const logs = found.map(difference => Math.log(error(difference)))
  const means = logs.map((_, i) => {
    const near = logs.slice(Math.max(0, i - reach), i + reach + 1)
    return near.reduce((sum, value) => sum + value, 0) / near.length
  })
  return means.indexOf(Math.min(...means))
}

function nearest(eps: number): number {
  const place = Math.round((Math.log10(eps) + 12) * perDecade)
  return Number.isFinite(place) ? Math.min(Math.max(place, 0), steps.length - 1) : 8 * perDecade
}

function short(value: number): string {
  const [digits, exponent] = value.toExponential(1).split('e')
  return `${digits} · 10${[...String(Number(exponent))].map(c => raised[c]).join('')}`
}

const raised: Readonly<Record<string, string>> = {
  '-': '⁻',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((c, i) => [String(i), c])),
}

function row(name: string, { up, down, slope, error }: Difference, digits: number): HTMLElement {
  const [a, b] = [up.toPrecision(digits), down.toPrecision(digits)]
  const equal = [...a].findIndex((c, i) => c !== b[i])
  const value = (text: string) => {
    const common = equal < 0 ? text.length : equal
    return h('div', {}, h('span', { class: 'common' }, text.slice(0, common)), text.slice(common))
  }
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name),
    h('td', { class: 'number values' }, value(a), value(b)),
    h('td', { class: 'number' }, slope.toPrecision(7)),
    h('td', { class: 'number' }, error === 0 ? '0' : short(error)),
  )
}

type Theory = ReturnType<typeof theory>

function sentence(e: number, { float32, float64 }: { float32: Theory; float64: Theory }): string {
  const larger = ({ truncation, rounding }: Theory) =>
    truncation(e) > rounding(e) ? 'the curvature of f' : 'rounding'
  const [a, b] = [larger(float32), larger(float64)]
  const both = a === b ? `In both, most of the error comes from ${a}.` : ''
  return (
    (both || `In float32, most of the error comes from ${a}; in float64, from ${b}.`) +
    ' Grey digits are equal in both values of f: the difference has lost them.'
  )
}
