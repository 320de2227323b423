/** Lengths of vectors. */
import { check } from '../../kernels/check.js'
import { described, optionsOf } from '../../tensor/arguments.js'
import { dimsOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { div, mul } from './arithmetic.js'
import { to } from './cast.js'
import { equal, notEqual } from './compare.js'
import { detach } from './detach.js'
import { abs, sqrt } from './elementwise.js'
import { amax, amin } from './max.js'
import { checkFloat } from './operands.js'
import { pow, square } from './pow.js'
import { reshape } from './reshape.js'
import { sign } from './rounding.js'
import { type ReduceOptions, sum } from './sum.js'
import { where } from './where.js'

/**
 * The p-norm over the given dims, all of them by default:  y = (Σ |x|ᵖ)^(1/p), √(Σ x²) for p = 2.
 *
 * p = ∞ gives max |x|, −∞ gives min |x|, 0 the number of elements that are not 0. The gradient is 0
 * where x is 0, also for x = 0 as a whole.
 * @throws Error when p is no number
 */
export function norm(
  x: Tensor,
  p = 2,
  dims?: number | readonly number[],
  options: ReduceOptions = {},
): Tensor {
  const { keepdim = false } = optionsOf('norm', options, ['keepdim'])
  checkFloat('norm', x)
  check(
    typeof p === 'number' && !Number.isNaN(p),
    () => `norm: p is ${described(p)}; it must be a number, such as 1, 2 or Infinity`,
  )
  const list = dimsOf('norm', dims, x.rank)
  if (p === 1) return sum(abs(x), list, { keepdim })
  if (p === Infinity) return amax(abs(x), list, { keepdim })
  if (p === -Infinity) return amin(abs(x), list, { keepdim })
  if (p === 0) return sum(to(notEqual(x, 0), 'f32'), list, { keepdim })
  const y = root(x, p, list)
  const shape = x.shape.filter((_, d) => !list.includes(d))
  return keepdim ? y : reshape(y, shape)
}

/** dx = dy · sign x · (|x| / y)^(p−1), which is dy · x / y for p = 2. */
function root(x: Tensor, p: number, dims: readonly number[]): Tensor {
  const v = detach(x)
  const powers = sum(p === 2 ? square(v) : pow(abs(v), p), dims, { keepdim: true })
  const y = p === 2 ? sqrt(powers) : pow(powers, 1 / p)
  const dx = (dy: Tensor) => {
    const length = where(equal(y, 0), 1, y)
    if (p === 2) return mul(x, div(dy, length))
    const size = where(equal(x, 0), 1, abs(x))
    return mul(mul(sign(x), pow(div(size, length), p - 1)), dy)
  }
  return record('norm', y, [[x, dx]])
}
