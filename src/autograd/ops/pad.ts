/** Elements put around a tensor: one value, or its own elements. */
import { check } from '../../kernels/check.js'
import { checkList, checkNumber, checkTensor, optionsOf } from '../../tensor/arguments.js'
import { copyElements } from '../../tensor/contiguous.js'
import { full } from '../../tensor/create.js'
import { checkCount, show } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { checkHeld } from '../../tensor/whole.js'
import { record } from '../tape.js'
import { cat } from './cat.js'
import { expand } from './expand.js'
import { flip } from './flip.js'
import { narrow } from './slice.js'

export interface PadOptions {
  /**
   * `constant`: `value` (the default). `reflect`: mirrored at the edge, without the edge itself.
   * `replicate`: the edge. `circular`: from the other end.
   */
  mode?: 'constant' | 'reflect' | 'replicate' | 'circular'
  /** For `constant`; 0 by default. */
  value?: number
}

type Edges = readonly [before: number, after: number]

/**
 * x with more elements before and after, along any dims. `padding` begins with the last dim:
 * [left, right, top, bottom]. Numbers below 0 cut elements off.
 *
 *     pad([a b c], [2, 1])   constant 0 0 a b c 0   reflect c b a b c b   replicate a a a b c c
 *                            circular b c a b c a
 * @throws Error when there are more numbers than two per dim, or not enough elements to mirror
 */
export function pad(x: Tensor, padding: readonly number[], options: PadOptions = {}): Tensor {
  checkTensor('pad', x)
  checkList('pad', 'padding', padding, 'pad(x, [left, right])')
  const { mode = 'constant', value = 0 } = optionsOf('pad', options, ['mode', 'value'])
  check(
    mode === 'constant' || Object.hasOwn(around, mode),
    () => `pad: mode is '${mode}'; it must be 'constant', 'reflect', 'replicate' or 'circular'`,
  )
  checkNumber('pad', 'value', value)
  checkHeld('pad', [value], x.dtype)
  check(
    padding.length % 2 === 0 && padding.length <= 2 * x.rank && padding.every(Number.isInteger),
    () =>
      `pad: padding [${padding}] of ${show(x.shape)}; whole numbers, two per dim, the last first`,
  )
  const edges = x.shape.map((_, d): Edges => {
    const at = 2 * (x.rank - 1 - d)
    return [padding[at] ?? 0, padding[at + 1] ?? 0]
  })
  const cut = edges.reduce((part, [before, after], d) => {
    const length = x.shape[d] + Math.min(before, 0) + Math.min(after, 0)
    check(length >= 0, () => `pad: [${padding}] cuts more off ${show(x.shape)} than there is`)
    return length === x.shape[d] ? part : narrow(part, d, Math.max(0, -before), length)
  }, x)
  const grown = edges.map(([a, b]): Edges => [Math.max(a, 0), Math.max(b, 0)])
  if (mode === 'constant') return placed(cut, grown, value)
  return grown.reduce((y, [a, b], d) => (a + b === 0 ? y : cat(around[mode](y, d, a, b), d)), cut)
}

/** In the middle of a tensor of one value. */
function placed(x: Tensor, edges: readonly Edges[], value: number): Tensor {
  const shape = x.shape.map((size, d) => edges[d][0] + size + edges[d][1])
  checkCount('pad', shape)
  const y = full(shape, value, { dtype: x.dtype })
  const offset = edges.reduce((at, [before], d) => at + before * y.strides[d], y.offset)
  if (x.size > 0) copyElements(x, view(y, { shape: x.shape, strides: y.strides, offset }, 'pad'))
  const inner = (dy: Tensor) =>
    edges.reduce((part, [before], d) => narrow(part, d, before, x.shape[d]), dy)
  return record('pad', y, [[x, inner]])
}

/** The parts, in order, of x with `a` elements before and `b` after along dim d. */
const around = {
  reflect: (x: Tensor, d: number, a: number, b: number) => {
    const size = enough('reflect', x, d, Math.max(a, b) + 1)
    return [flip(narrow(x, d, 1, a), d), x, flip(narrow(x, d, size - 1 - b, b), d)]
  },
  replicate: (x: Tensor, d: number, a: number, b: number) => {
    const size = enough('replicate', x, d, 1)
    const edge = (at: number, n: number) => expand(narrow(x, d, at, 1), x.shape.with(d, n))
    return [edge(0, a), x, edge(size - 1, b)]
  },
  circular: (x: Tensor, d: number, a: number, b: number) => {
    const size = enough('circular', x, d, Math.max(a, b))
    return [narrow(x, d, size - a, a), x, narrow(x, d, 0, b)]
  },
}

function enough(mode: string, x: Tensor, d: number, least: number): number {
  check(
    x.shape[d] >= least,
    () => `pad: ${mode} along dim ${d} of ${show(x.shape)} takes ${least} elements there or more`,
  )
  return x.shape[d]
}
