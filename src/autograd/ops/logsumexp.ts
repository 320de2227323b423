/** The logarithm of a sum of exponentials, which do not overflow. */
import { optionsOf } from '../../tensor/arguments.js'
import { dimsOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { add, sub } from './arithmetic.js'
import { isFinite as isNumber } from './classify.js'
import { detach } from './detach.js'
import { exp, log } from './elementwise.js'
import { amax } from './max.js'
import { checkFloat } from './operands.js'
import { reshape } from './reshape.js'
import { type ReduceOptions, sum } from './sum.js'
import { where } from './where.js'

/**
 * y = ln Σ e^x over the given dims, all of them by default: m + ln Σ e^(x − m), m the largest x.
 * Its gradient is softmax.
 */
export function logSumExp(
  x: Tensor,
  dims?: number | readonly number[],
  options: ReduceOptions = {},
): Tensor {
  const { keepdim = false } = optionsOf('logSumExp', options, ['keepdim'])
  checkFloat('logSumExp', x)
  const list = dimsOf('logSumExp', dims, x.rank)
  const most = amax(detach(x), list, { keepdim: true })
  const m = where(isNumber(most), most, 0) // ∞ − ∞ is NaN
  const y = log(sum(exp(sub(x, m)), list, { keepdim }))
  return add(y, keepdim ? m : reshape(m, y.shape))
}
