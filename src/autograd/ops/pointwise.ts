/** How every elementwise function of one tensor is recorded. */
import { type UnaryFunction, unary, unaryBackward } from '../../launches/unary.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { mul } from './arithmetic.js'
import { checkFloat } from './operands.js'

/** An elementwise function, with what its derivatives need. */
export interface Rule extends UnaryFunction {
  /** What f′ is computed from, as the table in unary.wgsl says. */
  readonly saves: 'x' | 'y'
  /** d f′(s) / ds in differentiable ops, for gradients of gradients; null where f′ is constant. */
  readonly curve: ((s: Tensor) => Tensor) | null
}

/**
 * y[i] = f(x[i]).     dx[i] = dy[i] · f′(s[i]), one kernel each.
 * @throws Error unless x is f32
 */
export function pointwise(op: string, x: Tensor, rule: Rule): Tensor {
  checkFloat(op, x)
  const y = unary(op, x, rule)
  return record(op, y, [[x, dy => slope(op, rule.saves === 'x' ? x : y, dy, rule)]])
}

/** dx[i] = dy[i] · f′(s[i]): linear in dy, and itself differentiable in s. */
export function slope(op: string, s: Tensor, dy: Tensor, rule: Rule): Tensor {
  const { curve } = rule
  return record(`${op}Backward`, unaryBackward(op, s, dy, rule), [
    [s, curve && (ddx => mul(mul(ddx, dy), curve(s)))],
    [dy, ddx => slope(op, s, ddx, rule)],
  ])
}
