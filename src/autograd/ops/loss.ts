/** The way every loss of a prediction and a target is computed and undone, element by element. */
import { check } from '../../kernels/check.js'
import { launch } from '../../kernels/launch.js'
import { kernels } from '../../kernels/wgsl.js'
import { aligned } from '../../tensor/layout.js'
import { show } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { isRecording, record } from '../tape.js'
import { mul } from './arithmetic.js'
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

/** The mean or the sum of a loss's elements, or all of them. @throws Error for any other word */
export function reduced(op: string, e: Tensor, reduction: Reduction): Tensor {
  check(
    ['mean', 'sum', 'none'].includes(reduction),
    () => `${op}: reduction is '${reduction}'; it must be 'mean', 'sum' or 'none'`,
  )
  if (reduction === 'none') return e
  return reduction === 'sum' ? sum(e) : mean(e)
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
  const params = { n, x_offset: source.offset / 4, t_offset: target.offset / 4, de_offset: 0, c }
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
    params: { ...params, de_offset: upstream.offset / (one ? 1 : 4) },
    buffers: { ...buffers, de: upstream.storage.lease },
    threads: n,
  })
  return y
}
