/** Whether elements are true, over dimensions: bools, without gradients. */
import { checkTensor, optionsOf } from '../../tensor/arguments.js'
import type { Tensor } from '../../tensor/tensor.js'
import { to } from './cast.js'
import { equal, greater } from './compare.js'
import { type ReduceOptions, sum } from './sum.js'

type Dims = number | readonly number[]

/** y = whether any element over the given dims, or of all, is not 0; NaN is not. None of none. */
export function any(x: Tensor, dims?: Dims, options: ReduceOptions = {}): Tensor {
  const { keepdim = false } = optionsOf('any', options, ['keepdim'])
  checkTensor('any', x)
  return greater(sum(to(to(x, 'bool'), 'i32'), dims, { keepdim }), 0)
}

/** y = whether all elements over the given dims, or of all, are not 0; NaN is not. All of none. */
export function all(x: Tensor, dims?: Dims, options: ReduceOptions = {}): Tensor {
  const { keepdim = false } = optionsOf('all', options, ['keepdim'])
  checkTensor('all', x)
  const zeros = equal(to(to(x, 'bool'), 'i32'), 0)
  return equal(sum(to(zeros, 'i32'), dims, { keepdim }), 0)
}
