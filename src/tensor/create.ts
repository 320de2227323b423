/** Tensors from nothing: from the host's numbers, from one value, from a rule. */
import { check } from '../kernels/check.js'
import { checkTensor } from './arguments.js'
import { copyElements } from './contiguous.js'
import {
  checked,
  filled,
  fromHost,
  type Options,
  optionNames,
  type TensorData,
} from './fromhost.js'
import { checkShape, type Shape } from './shape.js'
import { empty as newTensor, type Tensor, view } from './tensor.js'

export type { Options, TensorData } from './fromhost.js'

/**
 * A tensor from nested arrays, a typed array, or one number.
 *
 * The shape is that of the nesting, unless `shape` is given. The dtype, unless given: bool for
 * truth values, i32 and u32 for signed and unsigned integer arrays, f32 for everything else.
 * @throws Error when rows differ in length, or `shape` has another number of elements
 */
export function tensor(data: TensorData, options: Options & { shape?: Shape } = {}): Tensor {
  return fromHost('tensor', data, options)
}

/** Every element the same value. */
export function full(shape: Shape, value: number | boolean, options: Options = {}): Tensor {
  return filled('full', shape, value, options)
}

/** New memory with any content, for a kernel that writes all of it. */
export function empty(shape: Shape, options: Omit<Options, 'requiresGrad'> = {}): Tensor {
  checkShape('empty', shape)
  const { dtype = 'f32' } = checked('empty', options, ['dtype'])
  return newTensor(shape, dtype, 'empty')
}

/** Every element 0; f32 by default. */
export function zeros(shape: Shape, options?: Options): Tensor {
  return filled('zeros', shape, 0, options)
}

/** Every element 1; f32 by default. */
export function ones(shape: Shape, options?: Options): Tensor {
  return filled('ones', shape, 1, options)
}

/** Of another tensor's shape and dtype. */
export function zerosLike(t: Tensor, options?: Options): Tensor {
  checkTensor('zerosLike', t)
  return filled('zerosLike', t.shape, 0, options, t.dtype)
}

/** Of another tensor's shape and dtype. */
export function onesLike(t: Tensor, options?: Options): Tensor {
  checkTensor('onesLike', t)
  return filled('onesLike', t.shape, 1, options, t.dtype)
}

/** Of another tensor's shape and dtype. */
export function fullLike(t: Tensor, value: number | boolean, options?: Options): Tensor {
  checkTensor('fullLike', t)
  return filled('fullLike', t.shape, value, options, t.dtype)
}

/**
 * start, start + step, … up to but without stop; `arange(n)` counts from 0. i32 if start and step
 * are whole, else f32.
 */
export function arange(start: number, stop?: number, step = 1, options: Options = {}): Tensor {
  const { dtype, requiresGrad } = checked('arange', options, optionNames)
  const [from, to] = stop === undefined ? [0, start] : [start, stop]
  check(
    Number.isFinite(from) && Number.isFinite(to) && Number.isFinite(step) && step !== 0,
    () =>
      `arange: from ${from} to ${to} in steps of ${step}; all are finite, and the step is not 0`,
  )
  const n = Math.max(0, Math.ceil((to - from) / step))
  check(n < 2 ** 28, () => `arange: ${n} elements; there must be fewer than 2^28`)
  const whole = Number.isInteger(from) && Number.isInteger(step)
  const values = Float64Array.from({ length: n }, (_, i) => from + i * step)
  return fromHost('arange', values, { dtype: dtype ?? (whole ? 'i32' : 'f32'), requiresGrad })
}

/**
 * `steps` numbers at equal distances from start to end, both included: start + i (end − start) /
 * (steps − 1). f32.
 */
export function linspace(start: number, end: number, steps: number, options: Options = {}): Tensor {
  const { dtype = 'f32', requiresGrad } = checked('linspace', options, optionNames)
  check(
    Number.isFinite(start) && Number.isFinite(end) && Number.isInteger(steps) && steps >= 0,
    () =>
      `linspace: ${steps} steps from ${start} to ${end}; finite numbers, and whole steps from 0`,
  )
  check(steps < 2 ** 28, () => `linspace: ${steps} steps; there must be fewer than 2^28`)
  const step = (end - start) / Math.max(1, steps - 1)
  const at = (i: number) => (2 * i < steps ? start + step * i : end - step * (steps - 1 - i))
  const values = Float64Array.from({ length: steps }, (_, i) => at(i))
  return fromHost('linspace', values, { dtype, requiresGrad })
}

/** The identity matrix [n, n], or ones on the main diagonal of [n, m]. */
export function eye(n: number, m = n, options: Options = {}): Tensor {
  const { dtype = 'f32', requiresGrad } = checked('eye', options, optionNames)
  checkShape('eye', [n, m])
  const y = filled('eye', [n, m], 0, { dtype, requiresGrad })
  const diagonal = view(y, { shape: [Math.min(n, m)], strides: [m + 1] }, 'eye')
  const one = filled('eye', diagonal.shape, 1, { dtype })
  copyElements(one, diagonal)
  one.dispose()
  return y
}
