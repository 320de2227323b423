/** Tensors from nothing: from the host's numbers, from one value, from a rule. */
import { check } from '../kernels/check.js'
import { write } from '../kernels/transfer.js'
import { arrayOf, bitsOf, type DType } from './dtype.js'
import { flatten, type Nested, shapeOf } from './nested.js'
import { run } from './run.js'
import { checkShape, type Shape, show, sizeOf } from './shape.js'
import { empty, type Tensor } from './tensor.js'

export interface Options {
  dtype?: DType
  requiresGrad?: boolean
}

type Numbers = ArrayLike<number> & ArrayBufferView
export type TensorData = Nested<number> | Nested<boolean> | Numbers

/**
 * A tensor from nested arrays, a typed array, or one number.
 *
 * The shape is that of the nesting, unless `shape` is given. The dtype, unless given: bool for
 * truth values, i32 and u32 for signed and unsigned integer arrays, f32 for everything else.
 * @throws Error when rows differ in length, or `shape` has another number of elements
 */
export function tensor(
  data: TensorData,
  { shape, dtype, requiresGrad = false }: Options & { shape?: Shape } = {},
): Tensor {
  if (shape) checkShape('tensor', shape)
  const nested = ArrayBuffer.isView(data) ? [data.length] : shapeOf(data)
  const flat = ArrayBuffer.isView(data) ? data : flatten(data)
  const to = shape ?? nested
  check(
    sizeOf(to) === flat.length,
    () => `tensor: ${flat.length} values for shape ${show(to)}, which holds ${sizeOf(to)}`,
  )
  const type = dtype ?? dtypeOf(flat)
  const t = empty(to, type, 'tensor')
  const TypedArray = arrayOf[type]
  const values = type === 'bool' ? Uint32Array.from(flat, v => (v ? 1 : 0)) : flat
  const bits =
    values instanceof TypedArray
      ? (values as Float32Array<ArrayBuffer>)
      : TypedArray.from(values as ArrayLike<number>)
  if (bits.length > 0) write(t.storage.lease, bits)
  return withGrad(t, requiresGrad)
}

/** Every element the same value. */
export function full(
  shape: Shape,
  value: number | boolean,
  { dtype, requiresGrad = false }: Options = {},
): Tensor {
  checkShape('full', shape)
  const type = dtype ?? (typeof value === 'boolean' ? 'bool' : 'f32')
  const t = empty(shape, type, 'full')
  const n = Math.ceil(t.size / 4)
  run('fill', { params: { n, value: bitsOf(value, type) }, tensors: { y: t }, threads: n })
  return withGrad(t, requiresGrad)
}

export function zeros(shape: Shape, options?: Options): Tensor {
  return full(shape, 0, { dtype: 'f32', ...options })
}

export function ones(shape: Shape, options?: Options): Tensor {
  return full(shape, 1, { dtype: 'f32', ...options })
}

/** Of another tensor's shape and dtype. */
export function zerosLike(t: Tensor, options?: Options): Tensor {
  return full(t.shape, 0, { dtype: t.dtype, ...options })
}

/** Of another tensor's shape and dtype. */
export function onesLike(t: Tensor, options?: Options): Tensor {
  return full(t.shape, 1, { dtype: t.dtype, ...options })
}

/** Of another tensor's shape and dtype. */
export function fullLike(t: Tensor, value: number | boolean, options?: Options): Tensor {
  return full(t.shape, value, { dtype: t.dtype, ...options })
}

/**
 * start, start + step, … up to but without stop; `arange(n)` counts from 0. i32 if start and step
 * are whole, else f32.
 */
export function arange(
  start: number,
  stop?: number,
  step = 1,
  { dtype, requiresGrad }: Options = {},
): Tensor {
  const [from, to] = stop === undefined ? [0, start] : [start, stop]
  check(
    Number.isFinite(from) && Number.isFinite(to) && Number.isFinite(step) && step !== 0,
    () =>
      `arange: from ${from} to ${to} in steps of ${step}; all are finite, and the step is not 0`,
  )
  const n = Math.max(0, Math.ceil((to - from) / step))
  const whole = Number.isInteger(from) && Number.isInteger(step)
  const values = Float64Array.from({ length: n }, (_, i) => from + i * step)
  return tensor(values, { dtype: dtype ?? (whole ? 'i32' : 'f32'), requiresGrad })
}

/** The identity matrix [n, n], or ones on the main diagonal of [n, m]. */
export function eye(n: number, m = n, { dtype = 'f32', requiresGrad }: Options = {}): Tensor {
  checkShape('eye', [n, m])
  const values = new Float64Array(n * m)
  for (let i = 0; i < Math.min(n, m); i++) values[i * m + i] = 1
  return tensor(values, { shape: [n, m], dtype, requiresGrad })
}

function withGrad(t: Tensor, requiresGrad: boolean): Tensor {
  check(
    !requiresGrad || t.dtype === 'f32',
    () => `requiresGrad: the tensor is ${t.dtype}; only f32 has gradients`,
  )
  t.requiresGrad = requiresGrad
  return t
}

function dtypeOf(flat: ArrayLike<number | boolean>): DType {
  if (flat instanceof Int32Array || flat instanceof Int16Array || flat instanceof Int8Array)
    return 'i32'
  if (
    flat instanceof Uint32Array ||
    flat instanceof Uint16Array ||
    flat instanceof Uint8Array ||
    flat instanceof Uint8ClampedArray
  )
    return 'u32'
  return flat.length > 0 && typeof flat[0] === 'boolean' ? 'bool' : 'f32'
}
