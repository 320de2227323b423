/** The cell of a recurrent layer: what it consists of, and its states over a sequence. */
import { add } from '../autograd/ops/arithmetic.js'
import { linear } from '../autograd/ops/linear.js'
import { recurrent } from '../autograd/ops/recurrent.js'
import { check } from '../kernels/check.js'
import type { CellName, Recurrence } from '../launches/recurrentstates.js'
import type { Tensor } from '../tensor/tensor.js'

/** Its name, and how many gates and states it has per unit. */
export interface CellKind {
  readonly cell: CellName
  readonly gates: number
  readonly states: number
}

export const lstmKind: CellKind = { cell: 'lstm', gates: 4, states: 2 }
export const gruKind: CellKind = { cell: 'gru', gates: 3, states: 1 }

/** @throws Error when f is neither tanh nor relu */
export function plainKind(name: string, f: 'tanh' | 'relu' = 'tanh'): CellKind {
  check(
    f === 'tanh' || f === 'relu',
    () => `${name}: nonlinearity is '${f}'; it is 'tanh' or 'relu'`,
  )
  return { cell: f, gates: 1, states: 1 }
}

export interface CellWeights {
  /** [gates · hidden, in] and [gates · hidden, hidden] */
  readonly wIh: Tensor
  readonly wHh: Tensor
  /** [gates · hidden], or both null */
  readonly bIh: Tensor | null
  readonly bHh: Tensor | null
}

/** All states for x [l, n, in]: see `recurrent`. */
export function statesOf(
  x: Tensor,
  { wIh, wHh, bIh, bHh }: CellWeights,
  start: readonly Tensor[],
  how: Recurrence,
): Tensor {
  const isApart = how.cell === 'gru' // r is a factor of what h adds to n, its bias included
  const inputs = linear(x, wIh, isApart ? bIh : bIh && bHh && add(bIh, bHh))
  return recurrent(inputs, { w: wHh, b: isApart ? bHh : null }, start, how)
}
