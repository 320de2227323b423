/** Signs and whole numbers near x. All are constant between their jumps: their gradient is 0. */
import type { Tensor } from '../../tensor/tensor.js'
import { pointwise, type Rule } from './pointwise.js'

/** y = −1 where x < 0, 0 where x = 0, 1 where x > 0; NaN stays (PyTorch: 0) */
export function sign(x: Tensor): Tensor {
  return step('sign', x, 'SIGN')
}

/** y = ⌊x⌋, the largest whole number ≤ x */
export function floor(x: Tensor): Tensor {
  return step('floor', x, 'FLOOR')
}

/** y = ⌈x⌉, the smallest whole number ≥ x */
export function ceil(x: Tensor): Tensor {
  return step('ceil', x, 'CEIL')
}

/** y = the whole number nearest to x; halves go to the even one: 0.5 to 0, 1.5 to 2 */
export function round(x: Tensor): Tensor {
  return step('round', x, 'ROUND')
}

/** y = x without its fraction: −1.7 to −1 */
export function trunc(x: Tensor): Tensor {
  return step('trunc', x, 'TRUNC')
}

function step(op: string, x: Tensor, code: Rule['code']): Tensor {
  return pointwise(op, x, { code, saves: 'x', curve: null })
}
