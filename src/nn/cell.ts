/** The cell of a recurrent layer: what it consists of, and its states over a sequence. */
import { add } from '../autograd/ops/arithmetic.js'
import { linear } from '../autograd/ops/linear.js'
import { recurrent } from '../autograd/ops/recurrent.js'
import { check } from '../kernels/check.js'
import type { Recurrence } from '../launches/recurrentstates.js'
import type { Tensor } from '../tensor/tensor.js'

/** The f of a plain cell.  @throws Error when it is neither tanh nor relu */
export function nonlinearityOf(name: string, f: 'tanh' | 'relu' = 'tanh'): 'tanh' | 'relu' {
  check(
    f === 'tanh' || f === 'relu',
    () => `${name}: nonlinearity is '${f}'; it is 'tanh' or 'relu'`,
  )
  return f
}

export interface CellWeights {
  /** [gates · hidden, in] and [gates · hidden, hidden] */
  readonly wIh: Tensor
  readonly wHh: Tensor
  /** [gates · hidden], or both null */
  readonly bIh: Tensor | null
  readonly bHh: Tensor | null
}

/** The weights of a layer under PyTorch's names, such as weight_ih_l0 with the suffix _l0. */
export function weightsOf(layer: object, suffix = ''): CellWeights {
  const at = (part: string) => (Reflect.get(layer, part + suffix) as Tensor | undefined) ?? null
  return { wIh: at('weight_ih')!, wHh: at('weight_hh')!, bIh: at('bias_ih'), bHh: at('bias_hh') }
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
