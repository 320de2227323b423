/** Losses for classification: the negative log-likelihood of the right class. */
import { check } from '../../kernels/check.js'
import { type ClassWeights, nll, nllBackward } from '../../launches/nll.js'
import { checkTensor, checkWhole, optionsOf } from '../../tensor/arguments.js'
import { checkInside } from '../../tensor/known.js'
import { type Shape, sameShape, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { checkHeld } from '../../tensor/whole.js'
import { record } from '../tape.js'
import { add, div, mul } from './arithmetic.js'
import { to } from './cast.js'
import { notEqual } from './compare.js'
import { neg } from './elementwise.js'
import { checkFloat } from './operands.js'
import { classLossOptions, crossEntropyOptions } from './optionnames.js'
import { type LossOptions, reduced } from './reduction.js'
import { reshape, unsqueeze } from './reshape.js'
import { logSoftmax } from './softmax.js'
import { sum } from './sum.js'

export interface ClassLossOptions extends LossOptions {
  /** w [classes]: the weight of each class; 1 by default. */
  weight?: Tensor | null
  /** A target that means none: its loss is 0, and the mean does not count it; −100 by default. */
  ignoreIndex?: number
}

export interface CrossEntropyOptions extends ClassLossOptions {
  /** ε: the part of every target that all classes divide evenly; 0 by default. */
  labelSmoothing?: number
}

/**
 * l = Σᵢ −w[tᵢ] x[i, tᵢ] / Σᵢ w[tᵢ]  for log-probabilities x and classes t.
 *
 * x [n, classes] or [n, classes, …]   target i32 [n] or [n, …]. 'sum' does not divide, 'none' does
 * not sum. A target that is no class makes the loss NaN if the GPU computed it.
 * @throws Error when shapes or dtypes do not fit, or a target from the host is no class
 */
export function nllLoss(x: Tensor, target: Tensor, options: ClassLossOptions = {}): Tensor {
  const {
    reduction = 'mean',
    weight,
    ignoreIndex = -100,
  } = optionsOf('nllLoss', options, classLossOptions)
  const [e, w] = ofTarget('nllLoss', x, target, { weight: weight ?? null, ignoreIndex })
  return reduction === 'mean' ? div(sum(e), sum(w)) : reduced('nllLoss', e, reduction)
}

/**
 * nllLoss(logSoftmax(x, 1), target): x are any scores (logits), the target the right classes (i32),
 * or their probabilities (f32, of x's shape). With probabilities the mean is over samples.
 *
 * x [n, classes] or [n, classes, …], or [classes] alone.
 * @throws Error when shapes or dtypes do not fit
 */
export function crossEntropy(x: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const op = 'crossEntropy'
  const {
    reduction = 'mean',
    weight = null,
    ignoreIndex = -100,
    labelSmoothing: ε = 0,
  } = optionsOf(op, options, crossEntropyOptions)
  check(ε >= 0 && ε <= 1, () => `${op}: labelSmoothing is ${ε}; it must be from 0 to 1`)
  checkFloat(op, x)
  checkTensor(op, target)
  if (x.rank === 1) {
    const e = crossEntropy(unsqueeze(x, 0), unsqueeze(target, 0), options)
    return reduction === 'none' ? reshape(e, []) : e
  }
  const logp = logSoftmax(x, 1)
  const classes = x.shape[1]
  const w = weight && reshape(weight, [classes, ...x.shape.slice(2).map(() => 1)])
  if (target.dtype === 'f32') {
    check(
      sameShape(target.shape, x.shape),
      () =>
        `${op}: x is ${show(x.shape)}, the target ${show(target.shape)} f32; as probabilities it ` +
        "must have x's shape, and classes must be i32: convert with to('i32')",
    )
    const soft = ε > 0 ? add(mul(target, 1 - ε), ε / classes) : target
    const e = neg(sum(mul(w ? mul(soft, w) : soft, logp), 1))
    return reduction === 'mean' ? div(sum(e), x.size / classes) : reduced(op, e, reduction)
  }
  const [e, counted] = ofTarget(op, logp, target, { weight, ignoreIndex })
  const overClasses = () => {
    const kept = to(notEqual(target, ignoreIndex), 'f32')
    return mul(mul(neg(sum(w ? mul(logp, w) : logp, 1)), kept), ε / classes)
  }
  const smooth = ε > 0 ? add(mul(e, 1 - ε), overClasses()) : e
  return reduction === 'mean' ? div(sum(smooth), sum(counted)) : reduced(op, smooth, reduction)
}

/** e[n,s] = −w[t] x[n,t,s], and beside it w[t], both 0 where the target t[n,s] is ignored. */
function ofTarget(
  op: string,
  x: Tensor,
  target: Tensor,
  weights: ClassWeights,
): [e: Tensor, w: Tensor] {
  const { weight, ignoreIndex } = weights
  checkWhole(op, 'ignoreIndex', ignoreIndex)
  checkHeld(`${op}: ignoreIndex`, [ignoreIndex], 'i32')
  checkFloat(op, x, ...(weight ? [weight] : []))
  checkTensor(op, target)
  check(
    x.rank >= 2 &&
      target.dtype === 'i32' &&
      sameShape(target.shape, x.shape.toSpliced(1, 1)) &&
      (!weight || sameShape(weight.shape, [x.shape[1]])),
    () =>
      `${op}: x is ${show(x.shape)}, the target ${show(target.shape)} ${target.dtype}` +
      `${weight ? `, the weight ${show(weight.shape)}` : ''}; ` +
      'x is [n, classes, …], the target i32 [n, …], the weight [classes]',
  )
  checkInside(op, 'the target', target, x.shape[1], ignoreIndex)
  const [e, w] = nll(op, x, target, weights)
  return [record(op, e, [[x, de => intoTarget(op, de, target, x.shape, weights)]]), w]
}

/** x[n,c,s] = −w[t] e[n,s] if c is the target t[n,s], else 0: the adjoint of ofTarget. */
function intoTarget(
  op: string,
  e: Tensor,
  target: Tensor,
  shape: Shape,
  weights: ClassWeights,
): Tensor {
  const x = nllBackward(op, e, target, shape, weights)
  return record(`${op}Backward`, x, [[e, dx => ofTarget(op, dx, target, weights)[0]]])
}
