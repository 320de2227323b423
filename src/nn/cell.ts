/** What the recurrent layers have in common: their options, and the form of a cell. */
import { squeeze } from '../autograd/ops/reshape.js'
import { split } from '../autograd/ops/slice.js'
import type { Tensor } from '../tensor/tensor.js'

export interface RecurrentOptions {
  /** Layers one above the other; 1 by default. */
  numLayers?: number
  /** Whether the gates have biases; true by default. */
  bias?: boolean
  /** Whether x and y are [n, length, …] instead of [length, n, …], the default. */
  batchFirst?: boolean
  /** The probability of dropout between two layers; 0 by default. */
  dropout?: number
  /** Whether a second cell reads the sequence from its end; false by default. */
  bidirectional?: boolean
}

export const recurrentOptions = [
  'numLayers',
  'bias',
  'batchFirst',
  'dropout',
  'bidirectional',
] as const

/** The part of the weights that the state meets. */
export interface HiddenWeights {
  wHh: Tensor
  bHh: Tensor | null
}

/** The input's part of a cell's gates for all steps [l, n, gates · hidden], and a step. */
export interface Cell {
  inputs: Tensor
  /** The next state, from a step's part of the gates and the state. The first is the output. */
  step: (gates: Tensor, state: readonly Tensor[]) => Tensor[]
}

/**
 * The steps of x [l, …]. Cut in halves again and again, so that their gradients meet in halves too:
 * each of l slices of x itself would have a gradient as large as x.
 */
export function steps(x: Tensor): Tensor[] {
  const [l] = x.shape
  if (l === 1) return [squeeze(x, 0)]
  return split(x, [l >> 1, l - (l >> 1)]).flatMap(steps)
}
