/**
 * PyTorch's initialisers. Each fills a tensor in place, a parameter or not, and returns it.
 */
import { check } from '../kernels/check.js'
import { checkFinite, checkTensor, optionsOf } from '../tensor/arguments.js'
import { full, eye as identity } from '../tensor/create.js'
import { normal as normally, uniform as uniformly } from '../tensor/random.js'
import { checkShape, type Shape, show, sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { fill } from './fill.js'

export { orthogonal } from './orthogonal.js'
export { truncNormal } from './truncnormal.js'

const gains = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  convTranspose2d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  selu: 3 / 4,
} as const

/** The function that follows the weights. */
export type Nonlinearity = keyof typeof gains | 'leakyRelu'

export interface KaimingOptions {
  /** Slope of the leaky ReLU that follows; 0 by default, which is a ReLU. */
  a?: number
  /** fanIn keeps the variance of the values in the forward pass, fanOut that of the gradients. */
  mode?: 'fanIn' | 'fanOut'
  nonlinearity?: Nonlinearity
}

/** Uniform in [a, b). */
export function uniform(t: Tensor, a = 0, b = 1): Tensor {
  return fill(t, shape => uniformly(shape, a, b))
}

/** Normal with that mean and standard deviation. */
export function normal(t: Tensor, mean = 0, std = 1): Tensor {
  return fill(t, shape => normally(shape, mean, std))
}

/** The same value everywhere. */
export function constant(t: Tensor, value: number): Tensor {
  checkTensor('init', t)
  return fill(t, shape => full(shape, value, { dtype: t.dtype }))
}

/** 0 everywhere. */
export function zeros(t: Tensor): Tensor {
  return constant(t, 0)
}

/** 1 everywhere. */
export function ones(t: Tensor): Tensor {
  return constant(t, 1)
}

/** 1 on the main diagonal, else 0. @throws Error unless t is a matrix */
export function eye(t: Tensor): Tensor {
  checkTensor('init', t)
  check(t.rank === 2, () => `init.eye: the tensor is ${show(t.shape)}; it must be a matrix`)
  return fill(t, ([n, m]) => identity(n, m, { dtype: t.dtype }))
}

/** Uniform in ±gain √(6 / (fanIn + fanOut)).   Glorot & Bengio 2010. */
export function xavierUniform(t: Tensor, gain = 1): Tensor {
  const bound = Math.sqrt(3) * xavier(t, gain)
  return uniform(t, -bound, bound)
}

/** Normal with std gain √(2 / (fanIn + fanOut)).   Glorot & Bengio 2010. */
export function xavierNormal(t: Tensor, gain = 1): Tensor {
  return normal(t, 0, xavier(t, gain))
}

/** Uniform in ±gain √(3 / fan).   He et al. 2015, arXiv:1502.01852. */
export function kaimingUniform(t: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaiming(t, options)
  return uniform(t, -bound, bound)
}

/** Normal with std gain / √fan.   He et al. 2015, arXiv:1502.01852. */
export function kaimingNormal(t: Tensor, options: KaimingOptions = {}): Tensor {
  return normal(t, 0, kaiming(t, options))
}

/** The factor on weights that are followed by a nonlinearity; `slope` is the leaky ReLU's. */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  if (nonlinearity === 'leakyRelu') return Math.sqrt(2 / (1 + slope * slope))
  check(
    nonlinearity in gains,
    () =>
      `init: nonlinearity '${nonlinearity}'; known are ${Object.keys(gains).join(', ')}, leakyRelu`,
  )
  return gains[nonlinearity]
}

/**
 * The number of inputs of each output of a weight [out, in, …], and of outputs of each input.
 * As in PyTorch, a transposed convolution's weight [in, out, …] is read in the same order.
 * @throws Error when there are fewer than two dims
 */
export function fans(weight: Shape): { fanIn: number; fanOut: number } {
  checkShape('init', weight)
  check(
    weight.length >= 2,
    () => `init: the tensor is ${show(weight)}; a fan-in and a fan-out need two dims or more`,
  )
  const [out, into, ...kernel] = weight
  return { fanIn: into * sizeOf(kernel), fanOut: out * sizeOf(kernel) }
}

/** The standard deviation. */
function xavier(t: Tensor, gain: number): number {
  checkTensor('init', t)
  checkFinite('init', 'gain', gain)
  const { fanIn, fanOut } = fans(t.shape)
  return gain * Math.sqrt(2 / (fanIn + fanOut))
}

/** The standard deviation. */
function kaiming(t: Tensor, options: KaimingOptions): number {
  checkTensor('init', t)
  const given = optionsOf('init', options, ['a', 'mode', 'nonlinearity'])
  const { a = 0, mode = 'fanIn', nonlinearity = 'leakyRelu' } = given
  const fan = fans(t.shape)[mode]
  check(fan !== undefined, () => `init: mode '${mode}'; it is 'fanIn' or 'fanOut'`)
  return calculateGain(nonlinearity, a) / Math.sqrt(fan)
}
