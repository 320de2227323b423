/** How a recurrent layer is computed: two launches per step, a product and its cell. */
import { compact, copyElements } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { activationCode } from './activation.js'
import { linearForward } from './linear.js'
import { matrixProduct } from './matmul.js'
import { cells, type Recurrence, slot, stepsOf, written } from './recurrentstates.js'

/** The weights that h meets: W [gates · hidden, hidden] and, for a GRU, its bias. */
export interface Hidden {
  readonly w: Tensor
  readonly b: Tensor | null
}

/** What a pass over the sequence has made. */
export interface Pass {
  /** h before the first step and after each, in the order of the sequence; an LSTM's c behind. */
  readonly states: Tensor
  /** What the cell keeps of each step for the way back. */
  readonly kept: Tensor
}

/**
 * All states for x [l, n, gates · hidden], the gates' parts of the input, and those at first, each
 * [n, hidden].
 *
 * `keeps`: whether the way back will be asked for.
 */
export function recurrentForward(
  x: Tensor,
  hidden: Hidden,
  start: readonly Tensor[],
  how: Recurrence,
  keeps: boolean,
): Pass {
  const { op, kernel, kept: perUnit } = cells[how.cell]
  const [l, n] = x.shape
  const size = hidden.w.shape[1]
  const states = empty([start.length * (l + 1), n, size], 'f32', op)
  const kept = empty([keeps ? l : 1, n, perUnit * size], 'f32', op)
  const { first, order } = stepsOf(l, how)
  for (const [i, state] of start.entries()) copyElements(state, slot(states, first + i * (l + 1)))
  const inputs = compact(x)
  for (const { t, before, after } of order)
    run(kernel, {
      entry: 'forward',
      constants: constantsOf(how),
      params: paramsOf(states, l, before),
      tensors: {
        x: slot(inputs, t),
        own: linearForward(slot(states, before), hidden.w, hidden.b, 0),
        states: written(states, l, after),
        kept: slot(kept, keeps ? t : 0),
      },
      threads: n * size,
    })
  return { states, kept }
}

export interface RecurrentGradients {
  /** [l, n, gates · hidden] */
  readonly dx: Tensor
  /** The gradient of h Wᵀ + b of all steps: the same tensor as dx, except for a GRU. */
  readonly dOwn: Tensor
  /** What adds up to the gradient of each state at first. */
  readonly start: readonly (readonly Tensor[])[]
}

/** The gradients of x, of h Wᵀ + b, and of the states at first if they are wanted. */
export function recurrentBackward(
  { states, kept }: Pass,
  dStates: Tensor,
  w: Tensor,
  how: Recurrence,
  wantsStart: boolean,
): RecurrentGradients {
  const { op, kernel, gates, states: count } = cells[how.cell]
  const [slots, n, size] = states.shape
  const l = slots / count - 1
  const dx = empty([l, n, gates * size], 'f32', op)
  const dOwn = how.cell === 'gru' ? empty(dx.shape, 'f32', op) : dx
  const carry = op === 'rnn' ? dx : empty([n, size], 'f32', op) // a plain cell has none
  const { first, order } = stepsOf(l, how)
  let next: Tensor | null = null // what has reached h through W
  for (const { t, before, after } of order.toReversed()) {
    run(kernel, {
      entry: 'backward',
      constants: constantsOf(how),
      params: { ...paramsOf(states, l, before), is_last: next ? 0 : 1 },
      tensors: {
        kept_then: slot(kept, t),
        states_then: slot(states, after),
        d_states: slot(dStates, after),
        d_h: next ?? dStates,
        carry,
        d_x: slot(dx, t),
        d_own: slot(dOwn, t),
      },
      threads: n * size,
    })
    if (before !== first || wantsStart) next = matrixProduct(slot(dOwn, t), w, { exact: true })
  }
  if (!wantsStart) return { dx, dOwn, start: [] }
  const outside = (i: number) => slot(dStates, first + i * (l + 1))
  const h = [next!, outside(0)]
  if (how.cell === 'lstm') return { dx, dOwn, start: [h, [carry, outside(1)]] }
  return { dx, dOwn, start: [how.cell === 'gru' ? [...h, carry] : h] }
}

function constantsOf({ cell }: Recurrence) {
  return cell === 'relu' ? { F: activationCode('relu') } : {}
}

function paramsOf({ shape: [, n, hidden] }: Tensor, l: number, before: number) {
  const size = n * hidden
  return { n: size, hidden, before: before * size, memory: (l + 1) * size }
}
