/** Losses for classes: how little the right one was expected. */
import { check } from '../../kernels/check.js'
import { compact } from '../../tensor/contiguous.js'
import { run } from '../../tensor/run.js'
import { show } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { add, div, mul } from './arithmetic.js'
import { to } from './cast.js'
import { notEqual } from './compare.js'
import { neg } from './elementwise.js'
import { checkFloat } from './operands.js'
import { type LossOptions, reduced } from './reduction.js'
import { reshape, unsqueeze } from './reshape.js'
import { logSoftmax } from './softmax.js'
import { sum } from './sum.js'

export interface ClassLossOptions extends LossOptions {
  /** w [classes]: what each class counts; 1 by default. */
  weight?: Tensor | null
  /** A target that stands for none: it costs nothing and does not count; −100 by default. */
  ignoreIndex?: number
}

export interface CrossEntropyOptions extends ClassLossOptions {
  /** ε: so much of every target is spread evenly over all classes; 0 by default. */
  labelSmoothing?: number
}

/**
 * l = Σᵢ −w[tᵢ] x[i, tᵢ] / Σᵢ w[tᵢ]  for logarithms x of probabilities and classes t.
 *
 * x [n, classes] or [n, classes, …]   target i32 [n] or [n, …]. 'sum' leaves the division out, 'none' the
 * sum too. A target that is no class makes the loss NaN.
 * @throws Error when shapes or dtypes do not fit
 */
export function nllLoss(
  x: Tensor,
  target: Tensor,
  { reduction = 'mean', weight, ignoreIndex = -100 }: ClassLossOptions = {},
): Tensor {
  const [e, share] = pick('nllLoss', x, target, { weight: weight ?? null, ignoreIndex })
  return reduction === 'mean' ? div(sum(e), sum(share)) : reduced('nllLoss', e, reduction)
}

/**
 * nllLoss(logSoftmax(x, 1), target): x are scores of any size, the target the right classes (i32), or their
 * probabilities (f32, of x's shape). With probabilities the mean is over samples.
 *
 * x [n, classes] or [n, classes, …], or [classes] alone.
 * @throws Error when shapes or dtypes do not fit
 */
export function crossEntropy(
  x: Tensor,
  target: Tensor,
  {
    reduction = 'mean',
    weight = null,
    ignoreIndex = -100,
    labelSmoothing: ε = 0,
  }: CrossEntropyOptions = {},
): Tensor {
  const op = 'crossEntropy'
  check(ε >= 0 && ε <= 1, () => `${op}: labelSmoothing is ${ε}; it must be from 0 to 1`)
  checkFloat(op, x)
  if (x.rank === 1) {
    const options = { reduction, weight, ignoreIndex, labelSmoothing: ε }
    const e = crossEntropy(unsqueeze(x, 0), unsqueeze(target, 0), options)
    return reduction === 'none' ? reshape(e, []) : e
  }
  const logp = logSoftmax(x, 1)
  const classes = x.shape[1]
  const w = weight && reshape(weight, [classes, ...x.shape.slice(2).map(() => 1)])
  if (target.dtype === 'f32') {
    check(
      show(target.shape) === show(x.shape),
      () =>
        `${op}: x is ${show(x.shape)}, the probabilities ${show(target.shape)}; they must be equal`,
    )
    const soft = ε > 0 ? add(mul(target, 1 - ε), ε / classes) : target
    const e = neg(sum(mul(w ? mul(soft, w) : soft, logp), 1))
    return reduction === 'mean' ? div(sum(e), x.size / classes) : reduced(op, e, reduction)
  }
  const [e, share] = pick(op, logp, target, { weight, ignoreIndex })
  const spread = () => {
    const kept = to(notEqual(target, ignoreIndex), 'f32')
    return mul(mul(neg(sum(w ? mul(logp, w) : logp, 1)), kept), ε / classes)
  }
  const smooth = ε > 0 ? add(mul(e, 1 - ε), spread()) : e
  return reduction === 'mean' ? div(sum(smooth), sum(share)) : reduced(op, smooth, reduction)
}

interface Choice {
  weight: Tensor | null
  ignoreIndex: number
}

/** e[n,s] = −w[t] x[n,t,s], and beside it w[t], both 0 where the target is ignored. */
function pick(op: string, x: Tensor, target: Tensor, choice: Choice): [e: Tensor, share: Tensor] {
  const { weight } = choice
  checkFloat(op, x, ...(weight ? [weight] : []))
  check(
    x.rank >= 2 &&
      target.dtype === 'i32' &&
      show(target.shape) === show(x.shape.toSpliced(1, 1)) &&
      (!weight || show(weight.shape) === show([x.shape[1]])),
    () =>
      `${op}: x is ${show(x.shape)}, the target ${show(target.shape)} ${target.dtype}${weight ? `, the weight ${show(weight.shape)}` : ''}; ` +
      'x is [n, classes, …], the target i32 [n, …], the weight [classes]',
  )
  const [source, labels] = [compact(x), compact(target)]
  const [e, share] = [empty(target.shape, 'f32', op), empty(target.shape, 'f32', op)]
  const { params, constants, w } = common(x.shape, choice)
  run('nll', {
    entry: 'pick',
    constants,
    params: { ...params, n: e.size },
    tensors: { source, labels, weight: w ?? source, result: e, share },
    threads: e.size,
  })
  return [record(op, e, [[x, de => spread(op, de, target, x.shape, choice)]]), share]
}

/** x[n,c,s] = −w[t] e[n,s] if c is the target, else 0: the adjoint of pick. */
function spread(
  op: string,
  e: Tensor,
  target: Tensor,
  shape: readonly number[],
  choice: Choice,
): Tensor {
  const [source, labels] = [compact(e), compact(target)]
  const x = empty(shape, 'f32', op)
  const { params, constants, w } = common(shape, choice)
  run('nll', {
    entry: 'spread',
    constants,
    params: { ...params, n: x.size },
    tensors: { source, labels, weight: w ?? source, result: x },
    threads: x.size,
  })
  return record(`${op}Backward`, x, [[e, dx => pick(op, dx, target, choice)[0]]])
}

function common(shape: readonly number[], { weight, ignoreIndex }: Choice) {
  const w = weight && compact(weight)
  const params = {
    classes: shape[1],
    inner: shape.slice(2).reduce((n, size) => n * size, 1),
    ignore: ignoreIndex,
  }
  return { w, params, constants: { WEIGHTED: weight !== null } }
}
