/** Mean squared error. */
import { check } from '../../kernels/check.js'
import { launch } from '../../kernels/launch.js'
import { aligned } from '../../tensor/layout.js'
import { show } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { mul, sub } from './arithmetic.js'
import { checkFloat } from './operands.js'
import { mean, sum } from './sum.js'

export type Reduction = 'mean' | 'sum' | 'none'

/**
 * l = (1/n) Σᵢ (x[i] − t[i])²; with reduction 'sum' without the 1/n, with 'none' one l[i] per element.
 * @throws Error when x and the target differ in shape
 */
export function mseLoss(
  x: Tensor,
  target: Tensor,
  { reduction = 'mean' }: { reduction?: Reduction } = {},
): Tensor {
  checkFloat('mseLoss', x, target)
  check(
    show(x.shape) === show(target.shape),
    () =>
      `mseLoss: x is ${show(x.shape)} and the target is ${show(target.shape)}; they must be equal`,
  )
  const e = squaredError(x, target)
  if (reduction === 'none') return e
  return reduction === 'sum' ? sum(e) : mean(e)
}

/** e[i] = (x[i] − t[i])² */
function squaredError(x: Tensor, t: Tensor): Tensor {
  const e = run(x, t, null)
  return record('squaredError', e, [
    [x, de => slope(x, t, de)],
    [t, de => mul(slope(x, t, de), -1)],
  ])
}

/** dx[i] = 2 (x[i] − t[i]) · de[i] */
function slope(x: Tensor, t: Tensor, de: Tensor): Tensor {
  const dx = run(x, t, de)
  return record('squaredErrorBackward', dx, [
    [x, ddx => mul(mul(ddx, de), 2)],
    [t, ddx => mul(mul(ddx, de), -2)],
    [de, ddx => mul(mul(ddx, sub(x, t)), 2)],
  ])
}

function run(x: Tensor, t: Tensor, de: Tensor | null): Tensor {
  const [from, target] = [aligned(x), aligned(t)]
  const y = empty(x.shape, 'f32', 'squaredError')
  const n = Math.ceil(x.size / 4)
  const one = de?.strides.every(stride => stride === 0) ?? false
  const upstream = de && (one ? de : aligned(de))
  const params = {
    n,
    x_offset: from.offset / 4,
    t_offset: target.offset / 4,
    de_offset: upstream ? upstream.offset / (one ? 1 : 4) : 0,
  }
  const buffers = { x: from.storage.lease, t: target.storage.lease, y: y.storage.lease }
  if (!upstream) launch('mse', { entry: 'forward', params, buffers, threads: n })
  else {
    const de = upstream.storage.lease
    launch('mse', {
      entry: 'backward',
      constants: { ONE_DE: one },
      params,
      buffers: { ...buffers, de },
      threads: n,
    })
  }
  return y
}
