/**
 * Normalisation: elements brought to mean 0 and variance 1 within sets, then scaled and shifted.
 * The norms differ in which elements form a set.
 *
 *     x̂ = (x − m) / √(v + ε)    y = w x̂ + b    m, v: mean and variance (divided by n) of x's set
 */
import { check } from '../../kernels/check.js'
import type { Sets } from '../../launches/normwork.js'
import { checkOptional, optionsOf } from '../../tensor/arguments.js'
import { type Shape, sameShape, show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { normalized } from './normalized.js'
import { checkFloat } from './operands.js'
import { normOptions } from './optionnames.js'

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
  checkFloat('layerNorm', ...[weight, bias].filter(t => t !== null))
  const dims = shape.map((_, i) => x.rank - shape.length + i)
  check(
    shape.length > 0 &&
      sameShape(x.shape.slice(-shape.length), shape) &&
      [weight, bias].every(t => !t || sameShape(t.shape, shape)),
    () =>
      `layerNorm: x is ${show(x.shape)}${described(weight, bias)}, ` +
      `normalizedShape ${show(shape)}; x must end in it, weight and bias be of it`,
  )
  return normalized(x, {
    op: 'layerNorm',
    sets: rows(x.shape, dims.length),
    shape: x.shape,
    dims,
    weight,
    bias,
    over: shape,
    eps,
    centred: true,
  }).y
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
  const [perGroup, span] = [c / groups, sizeOf(rest)]
  const inner = perGroup * span
  const affine = span === 1 ? 'PER_NUMBER' : 'PER_SPAN'
  return normalized(x, {
    op: 'groupNorm',
    sets: { outer: 1, sets: n * groups, inner, affine, groups, perGroup, span },
    shape: [n, groups, inner],
    dims: [2],
    weight,
    bias,
    over: perChannel(x.shape),
    eps,
    centred: true,
  }).y
}

/** The sets of layerNorm, whose last dims are a set each. */
export function rows(shape: Shape, dims: number): Sets {
  const inner = sizeOf(shape.slice(-dims))
  const sets = sizeOf(shape.slice(0, -dims))
  return { outer: 1, sets, inner, affine: 'PER_NUMBER', groups: 1, perGroup: inner }
}

/** [c, 1, …], which broadcasts over [n, c, …]. */
export function perChannel([, c, ...rest]: Shape): Shape {
  return [c, ...rest.map(() => 1)]
}

/** @throws Error unless each of these is [c] for x [n, c, …] */
export function checkChannels(op: string, x: Shape, ...given: (Tensor | null)[]): void {
  checkOptional(op, ...given)
  checkFloat(op, ...given.filter(t => t !== null))
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
