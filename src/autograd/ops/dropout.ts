/** Elements left out at random, so that a network does not depend on any single one. */
import { check } from '../../kernels/check.js'
import { optionsOf } from '../../tensor/arguments.js'
import { randLike } from '../../tensor/random.js'
import type { Tensor } from '../../tensor/tensor.js'
import { mul } from './arithmetic.js'
import { greaterEqual } from './compare.js'
import { checkFloat } from './operands.js'
import { where } from './where.js'

/**
 * y[i] = 0 with probability p, else x[i] / (1 − p), so that the mean stays; x itself when not
 * training. Srivastava et al. 2014, JMLR 15.
 * @throws Error unless p is from 0 to 1
 */
export function dropout(x: Tensor, p = 0.5, options: { training?: boolean } = {}): Tensor {
  const { training = true } = optionsOf('dropout', options, ['training'])
  checkFloat('dropout', x)
  check(p >= 0 && p <= 1, () => `dropout: p is ${p}; it must be from 0 to 1`)
  if (!training || p === 0) return x
  const kept = greaterEqual(randLike(x), p) // never where p is 1
  return mul(x, where(kept, 1 / Math.max(1 - p, Number.EPSILON), 0))
}
