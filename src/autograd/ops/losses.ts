/**
 * Losses between a prediction and a target of the same shape. Each line gives the function; its
 * derivatives stand beside it in loss.wgsl, and here once more in differentiable ops.
 */
import { check } from '../../kernels/check.js'
import { checkNumber, optionsOf } from '../../tensor/arguments.js'
import type { Tensor } from '../../tensor/tensor.js'
import { add, div, mul, sub } from './arithmetic.js'
import { greater, less } from './compare.js'
import { abs, clamp, exp, log, neg, sigmoid, softplus } from './elementwise.js'
import { maximum } from './maximum.js'
import type { Operand } from './operands.js'
import { elementLoss, type LossOptions, type Reduction, reduced, reducedLoss } from './reduction.js'
import { sum } from './sum.js'
import { where } from './where.js'

/** l = (1/n) Σᵢ (x[i] − t[i])² */
export function mseLoss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction = 'mean' } = optionsOf('mseLoss', options, ['reduction'])
  const dx = (a: Tensor, t: Tensor) => mul(sub(a, t), 2)
  const rule = { code: 'SQUARED', dx, dt: (a: Tensor, t: Tensor) => neg(dx(a, t)) } as const
  return reducedLoss('mseLoss', x, target, rule, reduction)
}

/** l = (1/n) Σᵢ |x[i] − t[i]|, with gradient 0 where they are equal */
export function l1Loss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction = 'mean' } = optionsOf('l1Loss', options, ['reduction'])
  const dx = (a: Tensor, t: Tensor) => sign(sub(a, t))
  const rule = { code: 'ABSOLUTE', dx, dt: (a: Tensor, t: Tensor) => neg(dx(a, t)) } as const
  return reducedLoss('l1Loss', x, target, rule, reduction)
}

/** l = (1/n) Σᵢ (d²/2β where |d| < β, else |d| − β/2),  d = x[i] − t[i] */
export function smoothL1Loss(
  x: Tensor,
  target: Tensor,
  options: LossOptions & { beta?: number } = {},
): Tensor {
  const { reduction = 'mean', beta = 1 } = optionsOf('smoothL1Loss', options, ['reduction', 'beta'])
  checkNumber('smoothL1Loss', 'beta', beta)
  check(beta >= 0, () => `smoothL1Loss: beta is ${beta}; it must be from 0 up`)
  const dx = (a: Tensor, t: Tensor) => {
    const d = sub(a, t)
    return where(less(abs(d), beta), div(d, beta || 1), sign(d))
  }
  const dt = (a: Tensor, t: Tensor) => neg(dx(a, t))
  return reducedLoss('smoothL1Loss', x, target, { code: 'SMOOTH', dx, dt, c: beta }, reduction)
}

/** l = (1/n) Σᵢ (d²/2 where |d| < δ, else δ (|d| − δ/2)),  d = x[i] − t[i].   Huber 1964. */
export function huberLoss(
  x: Tensor,
  target: Tensor,
  options: LossOptions & { delta?: number } = {},
): Tensor {
  const { reduction = 'mean', delta = 1 } = optionsOf('huberLoss', options, ['reduction', 'delta'])
  checkNumber('huberLoss', 'delta', delta)
  check(delta > 0, () => `huberLoss: delta is ${delta}; it must be above 0`)
  const dx = (a: Tensor, t: Tensor) => clamp(sub(a, t), { min: -delta, max: delta })
  const dt = (a: Tensor, t: Tensor) => neg(dx(a, t))
  return reducedLoss('huberLoss', x, target, { code: 'HUBER', dx, dt, c: delta }, reduction)
}

/**
 * l = −(1/n) Σᵢ w[i] (t[i] ln x[i] + (1 − t[i]) ln(1 − x[i])) for x in [0, 1]; a logarithm below
 * −100 counts as −100. The weight w broadcasts. After a sigmoid, use binaryCrossEntropyWithLogits.
 */
export function binaryCrossEntropy(
  x: Tensor,
  target: Tensor,
  options: LossOptions & { weight?: Tensor | null } = {},
): Tensor {
  const op = 'binaryCrossEntropy'
  const { reduction = 'mean', weight } = optionsOf(op, options, ['reduction', 'weight'])
  const logs = (v: Tensor) => clamp(log(v), { min: -100 })
  const e = elementLoss(op, x, target, {
    code: 'CROSS',
    dx: (a, t) => div(sub(a, t), maximum(mul(a, sub(1, a)), 1e-12)),
    dt: a => sub(logs(sub(1, a)), logs(a)),
  })
  return reduced(op, weighted(e, weight), reduction)
}

/**
 * Binary cross-entropy of σ(x), computed from x itself so that nothing overflows:
 *
 *     l = (1/n) Σᵢ w[i] ((1 − t[i]) x[i] + (1 + (p − 1) t[i]) ln(1 + e^−x[i]))
 *
 * The weight w and the weight p of the positive targets (1 by default) broadcast.
 */
export function binaryCrossEntropyWithLogits(
  x: Tensor,
  target: Tensor,
  options: LossOptions & { weight?: Tensor | null; posWeight?: Tensor | null } = {},
): Tensor {
  const op = 'binaryCrossEntropyWithLogits'
  const names = ['reduction', 'weight', 'posWeight'] as const
  const { reduction = 'mean', weight, posWeight } = optionsOf(op, options, names)
  const e = posWeight
    ? add(
        mul(sub(1, target), x),
        mul(add(mul(sub(posWeight, 1), target), 1), softplus(neg(x), { threshold: 80 })),
      )
    : elementLoss(op, x, target, {
        code: 'CROSS_LOGITS',
        dx: (a, t) => sub(sigmoid(a), t),
        dt: neg,
      })
  return reduced(op, weighted(e, weight), reduction)
}

/**
 * l = (1/n) Σᵢ t[i] (ln t[i] − x[i]):  the Kullback–Leibler divergence of e^x from t. x holds
 * logarithms, and with logTarget t does too. 'batchmean' divides by the first size, as defined.
 */
export function klDiv(
  x: Tensor,
  target: Tensor,
  options: { reduction?: Reduction | 'batchmean'; logTarget?: boolean } = {},
): Tensor {
  const names = ['reduction', 'logTarget'] as const
  const { reduction = 'mean', logTarget = false } = optionsOf('klDiv', options, names)
  const e = logTarget
    ? elementLoss('klDiv', x, target, {
        code: 'LOG_DIVERGENCE',
        dx: (_, t) => neg(exp(t)),
        dt: (a, t) => mul(exp(t), add(sub(t, a), 1)),
      })
    : elementLoss('klDiv', x, target, {
        code: 'DIVERGENCE',
        dx: (_, t) => neg(t),
        dt: (a, t) => where(greater(t, 0), sub(add(log(t), 1), a), neg(a)),
      })
  return reduction === 'batchmean' ? div(sum(e), x.shape[0] ?? 1) : reduced('klDiv', e, reduction)
}

function weighted(e: Tensor, weight: Operand | null | undefined): Tensor {
  return weight ? mul(e, weight) : e
}

/** −1, 0 or 1; flat everywhere. */
function sign(d: Tensor): Tensor {
  return where(greater(d, 0), 1, where(less(d, 0), -1, 0))
}
