import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { Recurrent } from './recurrent.js'
import type { RecurrentOptions } from './recurrentoptions.js'

/** Short-term and long-term state, each [layers · directions, n, hidden], or without n. */
export type LSTMState = [h: Tensor, c: Tensor]

/**
 * Long short-term memory: a state c that a step may keep, forget and add to.
 *
 *   [i f g o] = x W_ihᵀ + b_ih + h W_hhᵀ + b_hh        i, f, o through σ, g through tanh
 *   c ← f c + i g      h ← o tanh c      y[t] = h
 *
 * x [l, n, in], [l, in], or [n, l, in] with `batchFirst`   y likewise, with directions · hidden
 * Returns [y, [h, c]], the states after the last step. `weight_ih_l0` is [4 · hidden, in]; see
 * `Recurrent`.   Hochreiter & Schmidhuber 1997, Neural Computation 9.
 * @throws Error when shapes do not fit
 */
export class LSTM extends Recurrent<[y: Tensor, state: LSTMState]> {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(inputSize, hiddenSize, 'lstm', options)
  }

  forward(x: Tensor, state?: Readonly<LSTMState>): [y: Tensor, state: LSTMState] {
    check(
      state === undefined || Array.isArray(state),
      () => `LSTM: the state is ${described(state)}; it must be a pair [h, c]`,
    )
    const { y, ends } = this.run(x, state)
    return [y, ends as LSTMState]
  }
}
