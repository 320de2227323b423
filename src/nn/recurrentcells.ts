/** Cells of recurrent layers by themselves, for loops of one's own. */
import { clone } from '../autograd/ops/clone.js'
import { squeeze, unsqueeze } from '../autograd/ops/reshape.js'
import { select } from '../autograd/ops/slice.js'
import { check } from '../kernels/check.js'
import { type CellName, cells } from '../launches/recurrentstates.js'
import { checkTensor, described, optionsOf } from '../tensor/arguments.js'
import { zeros } from '../tensor/create.js'
import { sameShape, show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { nonlinearityOf, statesOf, weightsOf } from './cell.js'
import { Module } from './module.js'
import { uniformParameter } from './parameter.js'

export interface CellOptions {
  /** Whether the gates have biases; true by default. */
  bias?: boolean
}

/** One step. Parameters have PyTorch's names, and are uniform in ±1/√hidden at first. */
abstract class SingleCell<Y> extends Module<Y> {
  readonly weight_ih: Tensor
  readonly weight_hh: Tensor
  readonly bias_ih: Tensor | null
  readonly bias_hh: Tensor | null
  readonly bias: boolean
  readonly #cell: CellName

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    cell: CellName,
    bias = true,
  ) {
    super()
    check(
      [inputSize, hiddenSize].every(n => Number.isInteger(n) && n > 0),
      () =>
        `${this.constructor.name}: ${described(inputSize)} to ${described(hiddenSize)} features; ` +
        'both are whole numbers above 0',
    )
    this.bias = bias
    this.#cell = cell
    const rows = cells[cell].gates * hiddenSize
    const made = (...shape: number[]) => uniformParameter(shape, hiddenSize)
    this.weight_ih = made(rows, inputSize)
    this.weight_hh = made(rows, hiddenSize)
    this.bias_ih = bias ? made(rows) : null
    this.bias_hh = bias ? made(rows) : null
  }

  /** The next states for x [n, in], or [in], and those before; zeros by default. */
  protected next(x: Tensor, given?: readonly Tensor[]): Tensor[] {
    const { name } = this.constructor
    const cell = this.#cell
    const count = cells[cell].states
    checkTensor(name, x, ...(given ?? []))
    const { inputSize, hiddenSize } = this
    check(
      (x.rank === 1 || x.rank === 2) && x.shape.at(-1) === inputSize,
      () => `${name}: x is ${show(x.shape)}; it must be [n, ${inputSize}] or [${inputSize}]`,
    )
    const shape = [...x.shape.slice(0, -1), hiddenSize]
    check(
      !given || (given.length === count && given.every(state => sameShape(state.shape, shape))),
      () =>
        `${name}: the state is ${given!.map(t => show(t.shape))}; it must be ${show(shape)}` +
        `${count > 1 ? ' twice' : ''}`,
    )
    const asBatch = (t: Tensor) => (x.rank === 1 ? unsqueeze(t, 0) : t)
    const start = (given ?? Array.from({ length: count }, () => zeros(shape))).map(asBatch)
    const states = statesOf(unsqueeze(asBatch(x), 0), weightsOf(this), start, {
      cell,
      reverse: false,
    })
    return start.map((_, i) => {
      const after = select(states, 0, 2 * i + 1)
      const own = i === 0 ? after : clone(after) // so that each may end by itself
      return x.rank === 1 ? squeeze(own, 0) : own
    })
  }
}

/**
 * One step of an LSTM:  x [n, in], state [h, c], each [n, hidden] → the next [h, c]; or all without
 * n. Without a state they are zeros. `LSTM` says what is computed.
 * @throws Error when shapes do not fit
 */
export class LSTMCell extends SingleCell<[h: Tensor, c: Tensor]> {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    const { bias } = optionsOf('LSTMCell', options, ['bias'])
    super(inputSize, hiddenSize, 'lstm', bias)
  }

  forward(x: Tensor, state?: readonly [h: Tensor, c: Tensor]): [h: Tensor, c: Tensor] {
    check(
      state === undefined || Array.isArray(state),
      () => `LSTMCell: the state is ${described(state)}; it must be a pair [h, c]`,
    )
    return this.next(x, state) as [Tensor, Tensor]
  }
}

/**
 * One step of a GRU:  x [n, in], h [n, hidden] → the next h; or both without n. Without h it is
 * zeros. `GRU` says what is computed.
 * @throws Error when shapes do not fit
 */
export class GRUCell extends SingleCell<Tensor> {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    const { bias } = optionsOf('GRUCell', options, ['bias'])
    super(inputSize, hiddenSize, 'gru', bias)
  }

  forward(x: Tensor, h?: Tensor): Tensor {
    return this.next(x, h === undefined ? undefined : [h])[0]
  }
}

export interface RNNCellOptions extends CellOptions {
  /** f; 'tanh' by default. */
  nonlinearity?: 'tanh' | 'relu'
}

/**
 * One step of a plain recurrent layer:  x [n, in], h [n, hidden] → f(x W_ihᵀ + b_ih + h W_hhᵀ +
 * b_hh); or both without n. Without h it is zeros.
 * @throws Error when shapes do not fit
 */
export class RNNCell extends SingleCell<Tensor> {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    const { bias, ...given } = optionsOf('RNNCell', options, ['bias', 'nonlinearity'])
    const f = nonlinearityOf('RNNCell', given.nonlinearity)
    super(inputSize, hiddenSize, f, bias)
    this.nonlinearity = f
  }

  forward(x: Tensor, h?: Tensor): Tensor {
    return this.next(x, h === undefined ? undefined : [h])[0]
  }
}
