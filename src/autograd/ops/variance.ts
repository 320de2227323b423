/** How far elements lie from their mean. */
import { dimsOf, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { div, sub } from './arithmetic.js'
import { sqrt } from './elementwise.js'
import { checkFloat } from './operands.js'
import { square } from './pow.js'
import { mean, type ReduceOptions, sum } from './sum.js'

export interface VarianceOptions extends ReduceOptions {
  /** Divide by n − 1, so that the mean over many samples is right (the default), or by n. */
  unbiased?: boolean
}

/**
 * y = Σ (x − x̄)² / (n − 1) over the given dims, all of them by default. PyTorch's `var`, a word that JavaScript keeps
 * for itself. Not a number where n − 1 is 0.
 */
export function variance(
  x: Tensor,
  dims?: number | readonly number[],
  { unbiased = true, keepdim = false }: VarianceOptions = {},
): Tensor {
  checkFloat('variance', x)
  const list = dimsOf('variance', dims, x.rank)
  const n = sizeOf(list.map(d => x.shape[d]))
  const squares = square(sub(x, mean(x, list, { keepdim: true })))
  return div(sum(squares, list, { keepdim }), Math.max(0, unbiased ? n - 1 : n))
}

/** The root of the variance. Its gradient where all elements are equal is not a number. */
export function std(
  x: Tensor,
  dims?: number | readonly number[],
  options: VarianceOptions = {},
): Tensor {
  return sqrt(variance(x, dims, options))
}
