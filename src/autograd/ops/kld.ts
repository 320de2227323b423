/** How far a diagonal normal distribution lies from the standard one: what keeps a latent space whole. */
import { check } from '../../kernels/check.js'
import { launch } from '../../kernels/launch.js'
import { kernels } from '../../kernels/wgsl.js'
import { isOne } from '../../tensor/constant.js'
import { show } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { type Arrow, isRecording, once, record } from '../tape.js'
import { add, div, mul, sub } from './arithmetic.js'
import { exp } from './elementwise.js'
import { checkFloat } from './operands.js'
import { reshape } from './reshape.js'

export interface KldOptions {
  /** What the sum is divided by for each row of mu: the numbers in one sample; 28 · 28 by default. */
  pixels?: number
}

/**
 * KL(N(μ, σ²) ‖ N(0, 1)), in nats per pixel, with σ itself as it comes from a network, even 0:
 *
 *   k = ½ Σ (μ² + σ² − ln(10⁻⁸ + σ²) − 1) / (b · pixels)
 *
 * mu and sigma [b, …]   k []. At σ = 0 value and slope are finite, the slope 0.
 * @throws Error when mu and sigma differ in shape
 */
export function vaeKld(mu: Tensor, sigma: Tensor, { pixels = 28 * 28 }: KldOptions = {}): Tensor {
  return divergence('vaeKld', 'SIGMA', mu, sigma, pixels, s => sub(s, div(s, add(mul(s, s), 1e-8))))
}

/**
 * KL(N(μ, σ²) ‖ N(0, 1)), in nats per pixel, from ℓ = ln σ²:
 *
 *   k = ½ Σ (μ² + e^ℓ − ℓ − 1) / (b · pixels)
 *
 * mu and logVariance [b, …]   k [].   Kingma & Welling 2014, arXiv:1312.6114, appendix B.
 * @throws Error when mu and logVariance differ in shape
 */
export function gaussianKld(
  mu: Tensor,
  logVariance: Tensor,
  { pixels = 28 * 28 }: KldOptions = {},
): Tensor {
  return divergence('gaussianKld', 'LOG_VARIANCE', mu, logVariance, pixels, s =>
    mul(sub(exp(s), 1), 0.5),
  )
}

function divergence(
  op: string,
  form: 'SIGMA' | 'LOG_VARIANCE',
  mu: Tensor,
  s: Tensor,
  pixels: number,
  slope: (s: Tensor) => Tensor,
): Tensor {
  checkFloat(op, mu, s)
  check(
    mu.rank > 0 && show(mu.shape) === show(s.shape),
    () =>
      `${op}: mu is ${show(mu.shape)}, its companion ${show(s.shape)}; both are [b, …] and equal`,
  )
  const rows = mu.shape[0]
  const flat = (x: Tensor) => reshape(x, [rows, rows ? x.size / rows : 0])
  const [m, v] = [flat(mu), flat(s)]
  const divisor = rows * pixels
  const params = {
    rows,
    columns: m.shape[1],
    mu_offset: m.offset,
    mu_row: m.strides[0],
    mu_column: m.strides[1],
    s_offset: v.offset,
    s_row: v.strides[0],
    s_column: v.strides[1],
    divisor,
  }
  const k = empty([], 'f32', op)
  const wanted = isRecording() && (m.requiresGrad || v.requiresGrad)
  const room = () => empty(wanted ? m.shape : [1], 'f32', op)
  const [dm, dv] = [room(), room()]
  launch('kld', {
    entry: 'main',
    constants: { FORM: kernels.kld.codes[form], SLOPE: wanted },
    params,
    buffers: {
      mu: m.storage.lease,
      s: v.storage.lease,
      k: k.storage.lease,
      dmu: dm.storage.lease,
      ds: dv.storage.lease,
    },
    workgroups: 1,
  })
  const back = (ready: Tensor, plain: () => Tensor): Arrow => {
    const given = once(wanted ? ready : null)
    return dk => {
      const d = isRecording() ? null : given()
      if (!d) return mul(plain(), div(dk, divisor))
      return isOne(dk) ? d : mul(d, dk)
    }
  }
  return record(op, k, [
    [m, back(dm, () => m)],
    [v, back(dv, () => slope(v))],
  ])
}
