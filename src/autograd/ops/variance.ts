/** Variance and standard deviation. */
import { optionsOf } from '../../tensor/arguments.js'
import { dimsOf, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { div } from './arithmetic.js'
import { sqrt } from './elementwise.js'
import { centred } from './normalized.js'
import { checkFloat } from './operands.js'
import { square } from './pow.js'
import { mean, type ReduceOptions, sum } from './sum.js'

export interface VarianceOptions extends ReduceOptions {
  /** Divide by n − 1, which makes the expected value right (the default), or by n. */
  unbiased?: boolean
}

/**
 * y = Σ (x − x̄)² / (n − 1) over the given dims, all of them by default. NaN where n − 1 is 0.
 * PyTorch's `var`, a reserved word in JavaScript.
 */
export function variance(
  x: Tensor,
  dims?: number | readonly number[],
  options: VarianceOptions = {},
): Tensor {
  const { unbiased = true, keepdim = false } = optionsOf('variance', options, [
    'unbiased',
    'keepdim',
  ])
  checkFloat('variance', x)
  const list = dimsOf('variance', dims, x.rank)
  const n = sizeOf(list.map(d => x.shape[d]))
  const squares = square(centred(x, mean(x, list, { keepdim: true }), list))
  return div(sum(squares, list, { keepdim }), Math.max(0, unbiased ? n - 1 : n))
}

/** y = √variance. Its gradient is NaN where all elements are equal. */
export function std(
  x: Tensor,
  dims?: number | readonly number[],
  options: VarianceOptions = {},
): Tensor {
  return sqrt(variance(x, dims, options))
}
