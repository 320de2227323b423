/** Activations beside those of elementwise.ts. Most are composed of other ops. */
import { check } from '../../kernels/check.js'
import { checkFinite, checkNumber } from '../../tensor/arguments.js'
import type { Tensor } from '../../tensor/tensor.js'
import { add, div, mul } from './arithmetic.js'
import { greater } from './compare.js'
import { exp, neg, softplus, tanh } from './elementwise.js'
import { pointwise } from './pointwise.js'
import { where } from './where.js'

/**
 * y = x where x > 0, else α (eˣ − 1)
 *
 * Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289.
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  checkFinite('elu', 'alpha', alpha)
  const curve = (s: Tensor) => where(greater(s, 0), 0, mul(exp(s), alpha))
  return pointwise('elu', x, { code: 'ELU', saves: 'x', curve, c0: alpha })
}

/** y = λ elu(x, α): keeps mean 0 and variance 1.   Klambauer et al. 2017, arXiv:1706.02515 */
export function selu(x: Tensor): Tensor {
  return mul(elu(x, 1.6732632423543772), 1.0507009873554805)
}

/** y = x where x > 0, else α (e^(x/α) − 1).   Barron 2017, arXiv:1704.07483 */
export function celu(x: Tensor, alpha = 1): Tensor {
  checkFinite('celu', 'alpha', alpha)
  check(alpha !== 0, () => 'celu: alpha is 0; x is divided by it')
  return mul(elu(div(x, alpha)), alpha)
}

/** y = x kept within [min, max]. The gradient is 0 on the limits; that of `clamp` is 1. */
export function hardtanh(x: Tensor, min = -1, max = 1): Tensor {
  checkNumber('hardtanh', 'min', min)
  checkNumber('hardtanh', 'max', max)
  check(min < max, () => `hardtanh: min ${min} is not below max ${max}`)
  return pointwise('hardtanh', x, { code: 'HARDTANH', saves: 'x', curve: null, c0: min, c1: max })
}

/** y = min(max(x, 0), 6) */
export function relu6(x: Tensor): Tensor {
  return hardtanh(x, 0, 6)
}

/** y = relu6(x + 3) / 6 */
export function hardsigmoid(x: Tensor): Tensor {
  return div(relu6(add(x, 3)), 6)
}

/** y = x · relu6(x + 3) / 6.   Howard et al. 2019, arXiv:1905.02244 */
export function hardswish(x: Tensor): Tensor {
  return mul(x, hardsigmoid(x))
}

/** y = x tanh(ln(1 + eˣ)).   Misra 2019, arXiv:1908.08681 */
export function mish(x: Tensor): Tensor {
  return mul(x, tanh(softplus(x)))
}

/** y = ln σ(x) = −ln(1 + e⁻ˣ) */
export function logSigmoid(x: Tensor): Tensor {
  return neg(softplus(neg(x), { threshold: Infinity }))
}
