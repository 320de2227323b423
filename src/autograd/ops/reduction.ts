/** How losses of a prediction and a target are recorded: element by element, or as one number. */
import { check } from '../../kernels/check.js'
import { type LossFunction, lossBackward, lossElements, lossTotal } from '../../launches/loss.js'
import { sameShape, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { activationOf, computedBefore } from '../fuse.js'
import { isRecorded, record } from '../tape.js'
import { mul } from './arithmetic.js'
import { expand } from './expand.js'
import { checkFloat } from './operands.js'
import { mean, sum } from './sum.js'

export type Reduction = 'mean' | 'sum' | 'none'

export interface LossOptions {
  /** One number for all elements: their mean (the default) or sum; or 'none': one for each. */
  reduction?: Reduction
}

/** A loss f, with its derivatives in differentiable ops. */
export interface LossRule extends LossFunction {
  /** ∂f/∂x */
  dx(x: Tensor, t: Tensor): Tensor
  /** ∂f/∂t */
  dt(x: Tensor, t: Tensor): Tensor
}

/**
 * e[i] = f(x[i], t[i]).     dx[i] = de[i] · ∂f/∂x,  dt[i] = de[i] · ∂f/∂t.
 * @throws Error unless x and the target are f32 and of one shape
 */
export function elementLoss(op: string, x: Tensor, t: Tensor, rule: LossRule): Tensor {
  checkFloat(op, x, t)
  check(
    sameShape(x.shape, t.shape),
    () => `${op}: x is ${show(x.shape)} and the target is ${show(t.shape)}; they must be equal`,
  )
  return record(
    op,
    lossElements(op, rule, x, t),
    [
      [x, de => mul(de, rule.dx(x, t))],
      [t, de => mul(de, rule.dt(x, t))],
    ],
    {
      shortcut: (de, request) => [
        request.wants(x) && lossBackward(op, rule, { x, t, de }, 'dx'),
        request.wants(t) && lossBackward(op, rule, { x, t, de }, 'dt'),
      ],
    },
  )
}

/**
 * l = Σᵢ f(x[i], t[i]), divided by their number for a mean; or every f, with reduction 'none'.
 *
 * One launch computes l and ∂l/∂x, or ∂l/∂z where x = g(z) was computed in one kernel.
 */
export function reducedLoss(
  op: string,
  x: Tensor,
  t: Tensor,
  rule: LossRule,
  reduction: Reduction,
): Tensor {
  checkReduction(op, reduction)
  checkFloat(op, x, t)
  if (reduction === 'none' || x.size === 0 || show(x.shape) !== show(t.shape))
    return reduced(op, elementLoss(op, x, t, rule), reduction)
  const scale = reduction === 'mean' ? 1 / x.size : 1
  const behind = activationOf(x)
  const total = lossTotal(op, rule, x, t, { scale, behind, slope: isRecorded(x) })
  const dx = computedBefore(total.dx)
  const de = (dl: Tensor) => expand(mul(dl, scale), x.shape)
  return record(
    op,
    total.l,
    [
      [x, dl => mul(mul(rule.dx(x, t), scale), dl)],
      [t, dl => mul(mul(rule.dt(x, t), scale), dl)],
    ],
    {
      shortcut: (dl, request) => [
        request.behind(x) === behind && dx(dl),
        request.wants(t) && lossBackward(op, rule, { x, t, de: de(dl) }, 'dt'),
      ],
    },
  )
}

/** The mean or the sum of a loss's elements, or all of them. @throws Error for any other word */
export function reduced(op: string, e: Tensor, reduction: Reduction): Tensor {
  checkReduction(op, reduction)
  if (reduction === 'none') return e
  return reduction === 'sum' ? sum(e) : mean(e)
}

function checkReduction(op: string, reduction: Reduction): void {
  check(
    ['mean', 'sum', 'none'].includes(reduction),
    () => `${op}: reduction is '${reduction}'; it must be 'mean', 'sum' or 'none'`,
  )
}
