/** What kind of number each element is: bools, without gradients. */
import { checkTensor } from '../../tensor/arguments.js'
import type { Tensor } from '../../tensor/tensor.js'
import { equal, less, notEqual } from './compare.js'
import { abs } from './elementwise.js'

/** y[i] = whether x[i] is NaN */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the name that a user looks for
export function isNaN(x: Tensor): Tensor {
  return notEqual(x, x)
}

/** y[i] = whether x[i] is a number, neither infinite nor NaN */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the name that a user looks for
export function isFinite(x: Tensor): Tensor {
  checkTensor('isFinite', x)
  return x.dtype === 'f32' ? less(abs(x), Infinity) : equal(x, x)
}

/** y[i] = whether x[i] is ∞ or −∞ */
export function isInf(x: Tensor): Tensor {
  checkTensor('isInf', x)
  return x.dtype === 'f32' ? equal(abs(x), Infinity) : notEqual(x, x)
}
