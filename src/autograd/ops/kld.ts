/** The Kullback–Leibler divergence of a diagonal normal distribution from the standard one. */
import { check } from '../../kernels/check.js'
import { type Form, kldTotal } from '../../launches/kld.js'
import { optionsOf } from '../../tensor/arguments.js'
import { sameShape, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { computedBefore } from '../fuse.js'
import { isRecorded, record } from '../tape.js'
import { add, div, mul, sub } from './arithmetic.js'
import { exp } from './elementwise.js'
import { checkFloat } from './operands.js'
import { reshape } from './reshape.js'

export interface KldOptions {
  /** The numbers in a sample: the sum is divided by them, per row of mu; 28 · 28 by default. */
  pixels?: number
}

/**
 * KL(N(μ, σ²) ‖ N(0, 1)), in nats per pixel, with σ itself as it comes from a network, even 0:
 *
 *     k = ½ Σ (μ² + σ² − ln(10⁻⁸ + σ²) − 1) / (b · pixels)
 *
 * mu and sigma [b, …]   k []. At σ = 0 value and slope are finite, the slope 0.
 * @throws Error when mu and sigma differ in shape
 */
export function vaeKld(mu: Tensor, sigma: Tensor, options: KldOptions = {}): Tensor {
  const { pixels = 28 * 28 } = optionsOf('vaeKld', options, ['pixels'])
  return divergence('vaeKld', 'SIGMA', mu, sigma, pixels, s => sub(s, div(s, add(mul(s, s), 1e-8))))
}

/**
 * KL(N(μ, σ²) ‖ N(0, 1)), in nats per pixel, from ℓ = ln σ²:
 *
 *     k = ½ Σ (μ² + e^ℓ − ℓ − 1) / (b · pixels)
 *
 * mu and logVariance [b, …]   k [].   Kingma & Welling 2014, arXiv:1312.6114, appendix B.
 * @throws Error when mu and logVariance differ in shape
 */
export function gaussianKld(mu: Tensor, logVariance: Tensor, options: KldOptions = {}): Tensor {
  const { pixels = 28 * 28 } = optionsOf('gaussianKld', options, ['pixels'])
  return divergence('gaussianKld', 'LOG_VARIANCE', mu, logVariance, pixels, s =>
    mul(sub(exp(s), 1), 0.5),
  )
}

function divergence(
  op: string,
  form: Form,
  mu: Tensor,
  s: Tensor,
  pixels: number,
  slope: (s: Tensor) => Tensor,
): Tensor {
  checkFloat(op, mu, s)
  check(pixels > 0, () => `${op}: pixels is ${pixels}; it must be above 0`)
  check(
    mu.rank > 0 && sameShape(mu.shape, s.shape),
    () =>
      `${op}: mu is ${show(mu.shape)}, its companion ${show(s.shape)}; both are [b, …] and equal`,
  )
  const rows = mu.shape[0]
  const matrix = (x: Tensor) => reshape(x, [rows, rows ? x.size / rows : 0])
  const [m, v] = [matrix(mu), matrix(s)]
  const divisor = rows * pixels
  const total = kldTotal(op, form, m, v, { divisor, slope: isRecorded(m, v) })
  const [dm, dv] = [computedBefore(total.dmu), computedBefore(total.ds)]
  return record(
    op,
    total.k,
    [
      [m, dk => mul(m, div(dk, divisor))],
      [v, dk => mul(slope(v), div(dk, divisor))],
    ],
    { shortcut: dk => [dm(dk), dv(dk)] },
  )
}
