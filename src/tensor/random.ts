/** Random tensors from one seeded generator: draw number d of a seed is the same on every run. */
import { check } from '../kernels/check.js'
import { isDry } from '../kernels/dryrun.js'
import { randomKernel } from '../kernels/wgsl.js'
import { checkFinite, checkTensor, optionsOf } from './arguments.js'
import type { Options } from './fromhost.js'
import { nextDraw } from './generator.js'
import { run } from './run.js'
import { checkShape, type Shape } from './shape.js'
import { empty, type Tensor } from './tensor.js'

/** Uniform in [0, 1). */
export function rand(shape: Shape, options?: Options): Tensor {
  return uniform(shape, 0, 1, options)
}

/** Uniform in [low, high). */
export function uniform(shape: Shape, low: number, high: number, options?: Options): Tensor {
  checkFinite('uniform', 'low', low)
  checkFinite('uniform', 'high', high)
  return draw('uniform_', 'rand', shape, [low, high - low], options)
}

/** Normal with mean 0 and standard deviation 1. */
export function randn(shape: Shape, options?: Options): Tensor {
  return normal(shape, 0, 1, options)
}

/** Normal with the given mean and standard deviation. */
export function normal(shape: Shape, mean: number, std: number, options?: Options): Tensor {
  checkFinite('normal', 'mean', mean)
  checkFinite('normal', 'std', std)
  return draw('normal', 'randn', shape, [mean, std], options)
}

/** `rand` of another tensor's shape. */
export function randLike(t: Tensor, options?: Options): Tensor {
  checkTensor('randLike', t)
  return rand(t.shape, options)
}

/** `randn` of another tensor's shape. */
export function randnLike(t: Tensor, options?: Options): Tensor {
  checkTensor('randnLike', t)
  return randn(t.shape, options)
}

/**
 * Whole numbers from low to high − 1, i32, all as likely as can be: their number need not divide
 * 2³², so some are more likely by a part in 2³² / (high − low).
 * @throws Error when there is none, or i32 does not hold them
 */
export function randint(low: number, high: number, shape: Shape): Tensor {
  const holds = (n: number) => Number.isInteger(n) && n >= -(2 ** 31) && n <= 2 ** 31
  check(
    holds(low) && holds(high) && low < high && high - low < 2 ** 32,
    () => `randint: from ${low} to before ${high}; whole numbers that i32 holds, low below high`,
  )
  checkShape('randint', shape)
  const y = empty(shape, 'i32', 'randint')
  if (isDry()) return y
  const { generator, draw } = nextDraw()
  run(randomKernel, {
    entry: 'integers',
    params: { n: y.size, draw, low, range: high - low },
    tensors: { generator, y },
    threads: y.size,
  })
  return y
}

/** 32 random bits per element, u32: the raw stream, equal to threefry(seed, [i, draw])[0]. */
export function randomBits(shape: Shape): Tensor {
  return draw('bits', 'randomBits', shape, [0, 0], { dtype: 'u32' })
}

function draw(
  entry: 'bits' | 'uniform_' | 'normal',
  op: string,
  shape: Shape,
  [p0, p1]: readonly [number, number],
  options: Options = {},
): Tensor {
  checkShape(op, shape)
  const { dtype = 'f32', requiresGrad = false } = optionsOf(op, options, ['dtype', 'requiresGrad'])
  check(
    dtype === 'f32' || entry === 'bits',
    () => `${op}: dtype is ${dtype}; random numbers are f32: draw first, convert then`,
  )
  const t = empty(shape, dtype, op)
  if (!isDry()) {
    const { generator, draw } = nextDraw()
    const [params, tensors] = [
      { n: t.size, draw, p0, p1 },
      { generator, y: t },
    ]
    run(randomKernel, { entry, params, tensors, threads: t.size })
  }
  t.requiresGrad = requiresGrad
  return t
}
