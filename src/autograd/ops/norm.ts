/**
 * Normalisation: elements brought to mean 0 and variance 1 within sets, then scaled and shifted.
 * The norms differ in which elements form a set. Composed of other ops, some nine launches forward.
 *
 *     x̂ = (x − m) / √(v + ε)    y = w x̂ + b    m, v: mean and variance (divided by n) of x's set
 */
import { check } from '../../kernels/check.js'
import { checkOptional, optionsOf } from '../../tensor/arguments.js'
import { type Shape, sameShape, show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { add, div, mul, sub } from './arithmetic.js'
import { sqrt } from './elementwise.js'
import { checkFloat } from './operands.js'
import { normOptions } from './optionnames.js'
import { square } from './pow.js'
import { reshape } from './reshape.js'
import { mean } from './sum.js'

export interface NormOptions {
  /** w, the factor of x̂; 1 by default. */
  weight?: Tensor | null
  /** b, added to w x̂; 0 by default. */
  bias?: Tensor | null
  /** ε, which keeps the quotient finite where all elements are equal. */
  eps?: number
}

/**
 * A set is the last dims of x; there is one per index of the dims before them.
 *
 * x [..., ...normalizedShape]   w, b normalizedShape.   Ba, Kiros & Hinton 2016, arXiv:1607.06450.
 * @throws Error when x does not end in normalizedShape
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  options: NormOptions = {},
): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = optionsOf('layerNorm', options, normOptions)
  const shape = [normalizedShape].flat()
  checkFloat('layerNorm', x)
  checkOptional('layerNorm', weight, bias)
  const dims = shape.map((_, i) => x.rank - shape.length + i)
  check(
    shape.length > 0 &&
      sameShape(x.shape.slice(-shape.length), shape) &&
      [weight, bias].every(t => !t || sameShape(t.shape, shape)),
    () =>
      `layerNorm: x is ${show(x.shape)}${described(weight, bias)}, ` +
      `normalizedShape ${show(shape)}; x must end in it, weight and bias be of it`,
  )
  return scaleAndShift(standardize(x, dims, eps).y, weight, bias)
}

/**
 * A set is a group of channels of one sample.
 *
 * x [n, c, ...]   w, b [c].   Wu & He 2018, arXiv:1803.08494.
 * @throws Error when the groups do not divide the channels
 */
export function groupNorm(x: Tensor, groups: number, options: NormOptions = {}): Tensor {
  const { weight = null, bias = null, eps = 1e-5 } = optionsOf('groupNorm', options, normOptions)
  checkFloat('groupNorm', x)
  const [n, c = 0, ...rest] = x.shape
  check(
    x.rank >= 2 && Number.isInteger(groups) && groups > 0 && c % groups === 0,
    () =>
      `groupNorm: x is ${show(x.shape)} in ${groups} groups; ` +
      'x is [n, c, ...], and groups divides c',
  )
  checkChannels('groupNorm', x.shape, weight, bias)
  const sets = reshape(x, [n, groups, (c / groups) * sizeOf(rest)])
  const y = reshape(standardize(sets, [2], eps).y, x.shape)
  return scaleAndShift(y, perChannel(weight, x.shape), perChannel(bias, x.shape))
}

/**
 * x̂, and the mean and variance over the given dims.
 *
 * The mean is subtracted twice. The first one is rounded, by half a unit in its last place: of a
 * mean of 10⁴ that is 5 · 10⁻⁴. The second subtracts what is left of it. T. F. Chan, G. H. Golub &
 * R. J. LeVeque 1983, The American Statistician 37.
 */
export function standardize(x: Tensor, dims: readonly number[], eps: number) {
  const m = mean(x, dims, { keepdim: true })
  const d = centred(x, m, dims)
  const v = mean(square(d), dims, { keepdim: true })
  return { y: div(d, sqrt(add(v, eps))), m, v }
}

/** x − m, once more without the mean of what is left. */
export function centred(x: Tensor, m: Tensor, dims: readonly number[]): Tensor {
  const d = sub(x, m)
  return sub(d, mean(d, dims, { keepdim: true }))
}

/** w x + b */
export function scaleAndShift(x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const scaled = weight ? mul(x, weight) : x
  return bias ? add(scaled, bias) : scaled
}

/** [c] as [c, 1, …], so that it broadcasts over [n, c, …]. */
export function perChannel<T extends Tensor | null>(t: T, [, c, ...rest]: Shape): T {
  return (t && reshape(t, [c, ...rest.map(() => 1)])) as T
}

/** @throws Error unless each of these is [c] for x [n, c, …] */
export function checkChannels(op: string, x: Shape, ...given: (Tensor | null)[]): void {
  checkOptional(op, ...given)
  for (const t of given)
    check(
      !t || sameShape(t.shape, [x[1]]),
      () =>
        `${op}: x is ${show(x)} and one of weight, bias and statistics ${show(t!.shape)}; ` +
        `they must be [${x[1]}], one number per channel`,
    )
}

function described(weight: Tensor | null, bias: Tensor | null): string {
  return Object.entries({ weight, bias })
    .map(([name, t]) => (t ? `, the ${name} ${show(t.shape)}` : ''))
    .join('')
}
