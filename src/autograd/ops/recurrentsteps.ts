/** The cells of recurrent layers, operation by operation: what their kernels compute at once. */
import type { Hidden } from '../../launches/recurrent.js'
import type { CellName, Recurrence } from '../../launches/recurrentstates.js'
import type { Tensor } from '../../tensor/tensor.js'
import { addcmul } from './addcmul.js'
import { add, mul, sub } from './arithmetic.js'
import { stack } from './cat.js'
import { relu, sigmoid, tanh } from './elementwise.js'
import { linear } from './linear.js'
import { squeeze } from './reshape.js'
import { chunk, split } from './slice.js'

/** The next states, from the gates' part of the input, that of h, and the states. */
type Step = (x: Tensor, own: Tensor, states: readonly Tensor[]) => Tensor[]

const cells: Readonly<Record<CellName, Step>> = {
  lstm(x, own, [, c]) {
    const [i, f, g, o] = chunk(add(x, own), 4, -1)
    const next = addcmul(mul(sigmoid(f), c), sigmoid(i), tanh(g))
    return [mul(sigmoid(o), tanh(next)), next]
  },
  gru(x, own, [h]) {
    const [[xr, xz, xn], [hr, hz, hn]] = [chunk(x, 3, -1), chunk(own, 3, -1)]
    const [r, z] = [sigmoid(add(xr, hr)), sigmoid(add(xz, hz))]
    const n = tanh(addcmul(xn, r, hn))
    return [addcmul(n, z, sub(h, n))] // n + z (h − n)
  },
  tanh: (x, own) => [tanh(add(x, own))],
  relu: (x, own) => [relu(add(x, own))],
}

/** As `recurrent`, which says what the shapes are. */
export function stepByStep(
  x: Tensor,
  { w, b }: Hidden,
  start: readonly Tensor[],
  { cell, reverse }: Recurrence,
): Tensor {
  const [l] = x.shape
  const seen = start.map(state => [state])
  const inputs = slicesOf(x)
  let states = start
  for (let i = 0; i < l; i++) {
    const t = reverse ? l - 1 - i : i
    states = cells[cell](inputs[t], linear(states[0], w, b), states)
    for (const [k, state] of states.entries()) seen[k].push(state)
  }
  return stack(seen.flatMap(list => (reverse ? list.toReversed() : list)))
}

/**
 * The steps of x [l, …]. Cut in halves again and again, so that their gradients meet in halves too:
 * each of l slices of x itself would have a gradient as large as x.
 */
function slicesOf(x: Tensor): Tensor[] {
  const [l] = x.shape
  if (l === 1) return [squeeze(x, 0)]
  return split(x, [l >> 1, l - (l >> 1)]).flatMap(slicesOf)
}
