/** The adjoint test in one picture:  ⟨A x, y⟩ = ⟨x, Aᵀ y⟩. */
import * as ops from '../../../src/autograd/ops/index.js'
import { grad, type Tensor, tensor } from '../../../src/index.js'
import { sizeOf } from '../../../src/tensor/shape.js'
import { choice, toggle } from '../../shell/controls.js'
import { fill, h } from '../../shell/dom.js'
import { numbers } from '../../shell/numbers.js'
import { remember } from '../../shell/route.js'
import type { Turn } from '../../shell/turns.js'
import { type Bug, planted } from './plant.js'

interface Pair {
  readonly name: string
  readonly title: string
  readonly x: readonly number[]
  readonly y: readonly number[]
  a(x: Tensor): Tensor
  /** In the arrow of the operation. */
  readonly bug: Bug
}

/** Whole numbers from −2 to 2: float32 adds and multiplies them without rounding. */
function whole(shape: readonly number[], seed: number): Tensor {
  const values = numbers(sizeOf(shape), seed).map(v => Math.round(2 * v))
  return tensor(values, { shape })
}

const pairs: readonly Pair[] = [
  {
    name: 'conv',
    title: 'conv2d with a stride of 2',
    x: [1, 1, 6, 6],
    y: [1, 1, 3, 3],
    a: x => ops.conv2d(x, whole([1, 1, 3, 3], 5), null, { stride: 2, padding: 1 }),
    bug: { op: 'conv2d', input: 0, kind: 'transposed' },
  },
  {
    name: 'matmul',
    title: 'a product with a matrix',
    x: [3, 6],
    y: [3, 4],
    a: x => ops.matmul(x, whole([6, 4], 8)),
    bug: { op: 'matmul', input: 0, kind: 'first' },
  },
  {
    name: 'expand',
    title: 'one row, repeated',
    x: [1, 5],
    y: [4, 5],
    a: x => ops.expand(x, [4, 5]),
    bug: { op: 'expand', input: 0, kind: 'first' },
  },
]

export function adjoint(params: URLSearchParams, turn: Turn): HTMLElement {
  let pair = pairs.find(({ name }) => name === params.get('pair')) ?? pairs[0]
  let hasBug = params.get('wrong') === '1'
  let seed = 20
  const picture = h('div', { class: 'adjoint' })
  const verdict = h('p', { class: 'verdict', 'aria-live': 'polite' })
  const draw = async () => {
    const [of, isWrong, from] = [pair, hasBug, seed]
    const found = await turn(async () => {
      const [x, y] = [whole(of.x, from), whole(of.y, from + 1)]
      x.requiresGrad = true
      const ax = planted(of.a(x), isWrong ? of.bug : null)
      const aty = grad(ax, x, { dy: y })
      const product = (a: Tensor, b: Tensor) => ops.sum(ops.mul(a, b)).item()
      return {
        grids: await Promise.all([x, ax, aty, y].map(grid)),
        left: await product(ax, y),
        right: await product(x, aty),
      }
    })
    if (!found || of !== pair || isWrong !== hasBug || from !== seed) return
    const { grids, left, right } = found
    const cell = (name: string, i: number) => h('figure', {}, h('figcaption', {}, name), grids[i])
    fill(
      picture,
      cell('x', 0),
      arrow('A', '→'),
      cell('A x', 1),
      cell('Aᵀ y', 2),
      arrow('Aᵀ', '←'),
      cell('y', 3),
      h('p', { class: 'product left' }, `⟨x, Aᵀ y⟩ = ${right}`),
      h('p', { class: 'product' }, `⟨A x, y⟩ = ${left}`),
    )
    verdict.className = `verdict ${left === right ? 'right' : 'wrong'}`
    verdict.textContent =
      left === right
        ? `${left} = ${right}: as they must be, for every x and y.`
        : `${left} ≠ ${right}: the arrow is not the transpose of A.`
  }
  void draw()
  return h(
    'section',
    {},
    h('h2', {}, 'The adjoint test'),
    h(
      'p',
      {},
      'The arrow of a linear operation A is its transpose Aᵀ, also called its adjoint. So ',
      '⟨A x, y⟩ = ⟨x, Aᵀ y⟩ for all x and y, where ⟨a, b⟩ is the sum of all aᵢ bᵢ. Here the engine ',
      'computes A x forward and Aᵀ y backward. There is no small step, so nothing is rounded: with ',
      'small whole numbers both sides are equal to the last bit.',
    ),
    h(
      'div',
      { class: 'row' },
      choice(
        'A:',
        pairs.map(({ name, title }) => [name, title] as const),
        pair.name,
        name => {
          pair = pairs.find(one => one.name === name)!
          remember({ pair: name })
          void draw()
        },
      ),
      h(
        'button',
        {
          onclick: () => {
            seed += 2
            void draw()
          },
        },
        'Other x and y',
      ),
      toggle('a bug in the arrow', hasBug, on => {
        hasBug = on
        remember({ wrong: on ? 1 : null })
        void draw()
      }),
    ),
    picture,
    verdict,
  )
}

function arrow(name: string, sign: string): HTMLElement {
  return h('p', { class: 'arrow', 'aria-hidden': 'true' }, name, h('br'), sign)
}

/** A tensor as a table of whole numbers, coloured by sign and size. */
async function grid(t: Tensor): Promise<HTMLElement> {
  const values = await t.data()
  const columns = t.shape.at(-1)!
  const rows = t.size / columns
  const most = values.reduce((m, v) => Math.max(m, Math.abs(v)), 1)
  return h(
    'table',
    { class: 'heat' },
    Array.from({ length: rows }, (_, i) =>
      h(
        'tr',
        {},
        Array.from({ length: columns }, (_, j) => {
          const value = values[i * columns + j]
          const td = h('td', { class: value < 0 ? 'below' : 'above' }, value || 0)
          td.style.setProperty('--part', `${Math.round((60 * Math.abs(value)) / most)}%`)
          return td
        }),
      ),
    ),
  )
}
