import { optionsOf } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'
import { nonlinearityOf } from './cell.js'
import { Recurrent } from './recurrent.js'
import { type RecurrentOptions, recurrentOptions } from './recurrentoptions.js'

/**
 * Gated recurrent unit: a step keeps a part (z) of the state, and replaces the rest by n, which
 * sees a part (r) of it.
 *
 *   r = σ(x W_irᵀ + b_ir + h W_hrᵀ + b_hr)      z = σ(x W_izᵀ + b_iz + h W_hzᵀ + b_hz)
 *   n = tanh(x W_inᵀ + b_in + r (h W_hnᵀ + b_hn))      h ← (1 − z) n + z h      y[t] = h
 *
 * x [l, n, in], [l, in], or [n, l, in] with `batchFirst`   y likewise, with directions · hidden
 * h [layers · directions, n, hidden], or without n; zeros by default
 * Returns [y, h], the state after the last step. `weight_ih_l0` is [3 · hidden, in]; see
 * `Recurrent`.   Cho et al. 2014, arXiv:1406.1078.
 * @throws Error when shapes do not fit
 */
export class GRU extends Recurrent<[y: Tensor, h: Tensor]> {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(inputSize, hiddenSize, 'gru', options)
  }

  forward(x: Tensor, h?: Tensor): [y: Tensor, h: Tensor] {
    const { y, ends } = this.run(x, h === undefined ? undefined : [h])
    return [y, ends[0]]
  }
}

export interface RNNOptions extends RecurrentOptions {
  /** f; 'tanh' by default. */
  nonlinearity?: 'tanh' | 'relu'
}

/**
 * The plain recurrent layer:  h ← f(x W_ihᵀ + b_ih + h W_hhᵀ + b_hh),  y[t] = h.
 *
 * Shapes and results are GRU's. `weight_ih_l0` is [hidden, in].   Elman 1990, Cognitive Science 14.
 * @throws Error when shapes do not fit
 */
export class RNN extends Recurrent<[y: Tensor, h: Tensor]> {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    const given = optionsOf('RNN', options, [...recurrentOptions, 'nonlinearity'])
    const { nonlinearity: f, ...others } = given
    const nonlinearity = nonlinearityOf('RNN', f)
    super(inputSize, hiddenSize, nonlinearity, others)
    this.nonlinearity = nonlinearity
  }

  forward(x: Tensor, h?: Tensor): [y: Tensor, h: Tensor] {
    const { y, ends } = this.run(x, h === undefined ? undefined : [h])
    return [y, ends[0]]
  }
}
