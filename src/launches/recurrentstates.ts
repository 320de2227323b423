/** The cells of recurrent layers, and where their states lie: see recurrent/cell.wgsl. */
import { recurrentGruKernel, recurrentLstmKernel, recurrentPlainKernel } from '../kernels/wgsl.js'
import { type Tensor, view } from '../tensor/tensor.js'

/** What a step computes; 'tanh' and 'relu' are the plain cell's f. */
export type CellName = 'lstm' | 'gru' | 'tanh' | 'relu'

/** A cell: what it has per unit, and its kernel. */
export interface Cell {
  /** Its name as an operation. */
  readonly op: string
  readonly gates: number
  /** Numbers that are kept of a step for the way back. */
  readonly kept: number
  /** h, and c for an LSTM. */
  readonly states: number
  readonly kernel:
    | typeof recurrentLstmKernel
    | typeof recurrentGruKernel
    | typeof recurrentPlainKernel
}

const plain: Cell = { op: 'rnn', gates: 1, kept: 0, states: 1, kernel: recurrentPlainKernel }
export const cells: Readonly<Record<CellName, Cell>> = {
  lstm: { op: 'lstm', gates: 4, kept: 4, states: 2, kernel: recurrentLstmKernel },
  gru: { op: 'gru', gates: 3, kept: 4, states: 1, kernel: recurrentGruKernel },
  tanh: plain,
  relu: plain,
}

export interface Recurrence {
  readonly cell: CellName
  /** Whether the sequence is read from its end. */
  readonly reverse: boolean
}

/** h before each step, as rows [l · n, hidden]. */
export function statesBefore(states: Tensor, l: number, { reverse }: Recurrence): Tensor {
  const [, n, size] = states.shape
  return view(
    states,
    { shape: [l * n, size], strides: [size, 1], offset: reverse ? n * size : 0 },
    states.op,
  )
}

/** The steps in their order, each with its place in x, and where h lies before and after it. */
export function stepsOf(l: number, { reverse }: Recurrence) {
  const order = Array.from({ length: l }, (_, i) => {
    const t = reverse ? l - 1 - i : i
    return reverse ? { t, before: t + 1, after: t } : { t, before: t, after: t + 1 }
  })
  return { first: reverse ? l : 0, order }
}

/** The i-th of the tensors [n, features] that a contiguous tensor consists of. */
export function slot(x: Tensor, i: number): Tensor {
  const [, n, features] = x.shape
  const offset = x.offset + i * n * features
  return view(x, { shape: [n, features], strides: [features, 1], offset }, x.op)
}

/** A slot's h, and c with it: all that a step writes. */
export function written(states: Tensor, l: number, i: number): Tensor {
  const [slots, n, size] = states.shape
  const shape = [slots / (l + 1), n, size]
  return view(
    states,
    { shape, strides: [(l + 1) * n * size, size, 1], offset: i * n * size },
    states.op,
  )
}
