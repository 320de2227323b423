/** The way every loss of a prediction and a target is computed and undone, element by element. */
import { check } from '../../kernels/check.js'
import { isSoftware } from '../../kernels/device.js'
import { launch } from '../../kernels/launch.js'
import { kernels } from '../../kernels/wgsl.js'
import { activationCode } from '../../launches/activation.js'
import { sumDims } from '../../launches/sum.js'
import { isOne } from '../../tensor/constant.js'
import { aligned } from '../../tensor/contiguous.js'
import { show } from '../../tensor/shape.js'
import { empty, type Tensor, view } from '../../tensor/tensor.js'
import { isRecording, once, record } from '../tape.js'
import { beforeActivation } from './activated.js'
import { undoActivation } from './activation.js'
import { mul } from './arithmetic.js'
import { expand } from './expand.js'
import { checkFloat } from './operands.js'
import { mean, sum } from './sum.js'

export type Reduction = 'mean' | 'sum' | 'none'

export interface LossOptions {
  /** One number for all elements: their mean (the default) or sum; or 'none': one for each. */
  reduction?: Reduction
}

/** What a loss needs beside its code in loss.wgsl. */
export interface LossRule {
  code: Exclude<keyof typeof kernels.loss.codes, number>
  /** ∂f/∂x and ∂f/∂t in differentiable ops, for gradients of gradients. */
  dx(x: Tensor, t: Tensor): Tensor
  dt(x: Tensor, t: Tensor): Tensor
  c?: number
}

/**
 * e[i] = f(x[i], t[i]).     dx[i] = de[i] · ∂f/∂x,  dt[i] = de[i] · ∂f/∂t,  one kernel each.
 * @throws Error unless x and the target are f32 and of one shape
 */
export function elementLoss(op: string, x: Tensor, t: Tensor, rule: LossRule): Tensor {
  checkFloat(op, x, t)
  check(
    show(x.shape) === show(t.shape),
    () => `${op}: x is ${show(x.shape)} and the target is ${show(t.shape)}; they must be equal`,
  )
  const back = (to: 'dx' | 'dt') => (de: Tensor) =>
    isRecording() ? mul(de, rule[to](x, t)) : run(op, x, t, rule, { de, toTarget: to === 'dt' })
  return record(op, run(op, x, t, rule), [
    [x, back('dx')],
    [t, back('dt')],
  ])
}

/**
 * l = Σᵢ f(x[i], t[i]), divided by their number for a mean; or all of them, with reduction 'none'.
 * One pass gives the loss and ∂l/∂x.
 */
export function reducedLoss(
  op: string,
  x: Tensor,
  t: Tensor,
  rule: LossRule,
  reduction: Reduction,
): Tensor {
  checkReduction(op, reduction)
  if (reduction === 'none' || x.size === 0 || show(x.shape) !== show(t.shape))
    return reduced(op, elementLoss(op, x, t, rule), reduction)
  checkFloat(op, x, t)
  const scale = reduction === 'mean' ? 1 / x.size : 1
  const { z, activation } = beforeActivation(x)
  const done = total(op, x, t, rule, { scale, activation: activationCode(activation) })
  const slope = once(done.slope)
  const plain = (to: 'dx' | 'dt') => (dl: Tensor) => mul(mul(rule[to](x, t), scale), dl)
  return record(op, done.l, [
    [
      z,
      dl => {
        const given = isRecording() ? null : slope()
        if (!given) return undoActivation(plain('dx')(dl), x, activation)
        return isOne(dl) ? given : mul(given, dl)
      },
    ],
    [
      t,
      dl =>
        isRecording()
          ? plain('dt')(dl)
          : run(op, x, t, rule, { de: expand(mul(dl, scale), x.shape), toTarget: true }),
    ],
  ])
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

/** scale · Σᵢ f, and scale · ∂f/∂x, or ∂f/∂z behind an activation, where x wants its gradient. */
function total(
  op: string,
  x: Tensor,
  t: Tensor,
  { code, c = 0 }: LossRule,
  { scale, activation }: { scale: number; activation: number },
) {
  const [source, target] = [aligned(x), aligned(t)]
  const n = Math.ceil(x.size / 4)
  const parts = Math.min(n, isSoftware() ? 256 : 4096) // what sum adds up in one go
  const partial = empty([parts], 'f32', op)
  const wanted = isRecording() && x.requiresGrad
  const slope = empty(wanted ? x.shape : [1], 'f32', op)
  const params = { n, x_offset: source.offset, t_offset: target.offset, c }
  launch('loss', {
    entry: 'total',
    constants: { OP: kernels.loss.codes[code], SLOPE: wanted, ACTIVATION: activation },
    params: { ...params, size: x.size, parts, scale },
    buffers: {
      x: source.storage.lease,
      t: target.storage.lease,
      y: slope.storage.lease,
      partial: partial.storage.lease,
    },
    threads: parts,
  })
  return { l: scalar(sumDims(partial, [0], 1 / scale)), slope: wanted ? slope : null }
}

function scalar(x: Tensor): Tensor {
  return view(x, { shape: [], strides: [] }, x.op)
}

function run(
  op: string,
  x: Tensor,
  t: Tensor,
  { code, c = 0 }: LossRule,
  backward?: { de: Tensor; toTarget: boolean },
): Tensor {
  const [source, target] = [aligned(x), aligned(t)]
  const y = empty(x.shape, 'f32', op)
  const n = Math.ceil(x.size / 4)
  const params = {
    n,
    x_offset: source.offset,
    t_offset: target.offset,
    c,
  }
  const buffers = { x: source.storage.lease, t: target.storage.lease, y: y.storage.lease }
  const constants = { OP: kernels.loss.codes[code] }
  if (!backward) {
    launch('loss', { entry: 'forward', constants, params, buffers, threads: n })
    return y
  }
  const { shape, strides } = backward.de
  const one = strides.every((stride, d) => stride === 0 || shape[d] === 1)
  const upstream = one ? backward.de : aligned(backward.de)
  launch('loss', {
    entry: 'backward',
    constants: { ...constants, ONE_DE: one, TO_TARGET: backward.toTarget },
    params: { ...params, de_offset: upstream.offset },
    buffers: { ...buffers, de: upstream.storage.lease },
    threads: n,
  })
  return y
}
