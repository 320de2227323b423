/**
 * Elementwise functions of one tensor. Each line gives the function; its derivative stands beside
 * it in unary.wgsl; `curve` is the derivative of that derivative.
 */
import { check } from '../../kernels/check.js'
import { checkFinite, checkNumber, checkTensor, optionsOf } from '../../tensor/arguments.js'
import { onesLike } from '../../tensor/create.js'
import type { Tensor } from '../../tensor/tensor.js'
import { add, div, mul, sub } from './arithmetic.js'
import { greater } from './compare.js'
import { pointwise } from './pointwise.js'
import { where } from './where.js'

/** y = −x */
export function neg(x: Tensor): Tensor {
  checkTensor('neg', x)
  return x.dtype === 'f32'
    ? pointwise('neg', x, { code: 'NEG', saves: 'x', curve: null })
    : sub(0, x)
}

/** y = eˣ */
export function exp(x: Tensor): Tensor {
  return pointwise('exp', x, { code: 'EXP', saves: 'y', curve: s => onesLike(s) })
}

/** y = ln x; −∞ at 0, NaN below */
export function log(x: Tensor): Tensor {
  return pointwise('log', x, { code: 'LOG', saves: 'x', curve: s => div(-1, mul(s, s)) })
}

/** y = √x; its gradient at 0 is ∞ */
export function sqrt(x: Tensor): Tensor {
  return pointwise('sqrt', x, { code: 'SQRT', saves: 'y', curve: s => div(-0.5, mul(s, s)) })
}

/** y = |x|, with gradient 0 at 0 */
export function abs(x: Tensor): Tensor {
  return pointwise('abs', x, { code: 'ABS', saves: 'x', curve: null })
}

/** y = sin x, x in radians */
export function sin(x: Tensor): Tensor {
  return pointwise('sin', x, { code: 'SIN', saves: 'x', curve: s => mul(sin(s), -1) })
}

/** y = cos x, x in radians */
export function cos(x: Tensor): Tensor {
  return pointwise('cos', x, { code: 'COS', saves: 'x', curve: s => mul(cos(s), -1) })
}

/** y = x kept within [min, max]; either may be left out. The gradient is 1 on the limits, too. */
export function clamp(x: Tensor, options: { min?: number; max?: number }): Tensor {
  const { min = -Infinity, max = Infinity } = optionsOf('clamp', options, ['min', 'max'])
  checkNumber('clamp', 'min', min)
  checkNumber('clamp', 'max', max)
  check(min <= max, () => `clamp: min ${min} is above max ${max}`)
  return pointwise('clamp', x, { code: 'CLAMP', saves: 'x', curve: null, c0: min, c1: max })
}

/** y = max(x, 0), with gradient 0 at 0 */
export function relu(x: Tensor): Tensor {
  return pointwise('relu', x, { code: 'RELU', saves: 'x', curve: null })
}

/** y = x where x > 0, else slope · x */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  checkFinite('leakyRelu', 'slope', slope)
  return pointwise('leakyRelu', x, { code: 'LEAKY_RELU', saves: 'x', curve: null, c0: slope })
}

/** y = tanh x */
export function tanh(x: Tensor): Tensor {
  return pointwise('tanh', x, { code: 'TANH', saves: 'y', curve: s => mul(s, -2) })
}

/** y = σ(x) = 1 / (1 + e⁻ˣ) */
export function sigmoid(x: Tensor): Tensor {
  return pointwise('sigmoid', x, { code: 'SIGMOID', saves: 'y', curve: s => sub(1, mul(s, 2)) })
}

/** y = ln(1 + e^(βx)) / β, and x itself where βx > threshold */
export function softplus(x: Tensor, options: { beta?: number; threshold?: number } = {}): Tensor {
  const { beta = 1, threshold = 20 } = optionsOf('softplus', options, ['beta', 'threshold'])
  checkFinite('softplus', 'beta', beta)
  checkNumber('softplus', 'threshold', threshold)
  const curve = (s: Tensor) => {
    const p = sigmoid(mul(s, beta))
    return where(greater(mul(s, beta), threshold), 0, mul(mul(p, sub(1, p)), beta))
  }
  return pointwise('softplus', x, { code: 'SOFTPLUS', saves: 'x', curve, c0: beta, c1: threshold })
}

/**
 * y = x Φ(x), Φ the normal distribution function. Hendrycks & Gimpel 2016, arXiv:1606.08415.
 *
 * `approximate: 'tanh'` is  y = ½x (1 + tanh(√(2/π) (x + 0.044715x³)))
 */
export function gelu(x: Tensor, options: { approximate?: 'none' | 'tanh' } = {}): Tensor {
  const { approximate = 'none' } = optionsOf('gelu', options, ['approximate'])
  check(
    approximate === 'none' || approximate === 'tanh',
    () => `gelu: approximate is '${approximate}'; it must be 'none' or 'tanh'`,
  )
  if (approximate === 'tanh')
    return pointwise('gelu', x, { code: 'GELU_TANH', saves: 'x', curve: geluTanhCurve })
  const density = (s: Tensor) => mul(exp(mul(mul(s, s), -0.5)), 1 / Math.sqrt(2 * Math.PI))
  const curve = (s: Tensor) => mul(density(s), sub(2, mul(s, s)))
  return pointwise('gelu', x, { code: 'GELU', saves: 'x', curve })
}

/** y = x σ(x) */
export function silu(x: Tensor): Tensor {
  const curve = (s: Tensor) => {
    const p = sigmoid(s)
    return mul(mul(p, sub(1, p)), add(2, mul(s, sub(1, mul(p, 2)))))
  }
  return pointwise('silu', x, { code: 'SILU', saves: 'x', curve })
}

/** With u = κ(x + αx³) and t = tanh u:  (1 − t²)(u′ + ½x u″ − x t u′²) */
function geluTanhCurve(x: Tensor): Tensor {
  const [kappa, alpha] = [Math.sqrt(2 / Math.PI), 0.044715]
  const xx = mul(x, x)
  const t = tanh(mul(mul(x, add(1, mul(xx, alpha))), kappa))
  const du = mul(add(1, mul(xx, 3 * alpha)), kappa)
  const halfXddu = mul(xx, 3 * alpha * kappa)
  return mul(sub(1, mul(t, t)), sub(add(du, halfXddu), mul(mul(x, t), mul(du, du))))
}
