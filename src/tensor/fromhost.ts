/** What all functions that make tensors have in common: options, values, and the fill. */
import { check } from '../kernels/check.js'
import { write } from '../kernels/transfer.js'
import { fillKernel } from '../kernels/wgsl.js'
import { checkDType, described, optionsOf } from './arguments.js'
import { arrayOf, bitsOf, type DType } from './dtype.js'
import { noteRange } from './known.js'
import { flatten, type Nested, shapeOf } from './nested.js'
import { run } from './run.js'
import { checkShape, type Shape, show, sizeOf } from './shape.js'
import { empty, type Tensor } from './tensor.js'
import { checkHeld } from './whole.js'

export interface Options {
  dtype?: DType
  requiresGrad?: boolean
}

type Numbers = ArrayLike<number> & ArrayBufferView
export type TensorData = Nested<number> | Nested<boolean> | Numbers

/** The host's numbers as a tensor. `op` begins the messages. */
export function fromHost(
  op: string,
  data: TensorData,
  options: Options & { shape?: Shape },
): Tensor {
  const { shape, dtype, requiresGrad = false } = checked(op, options, ['shape', ...optionNames])
  if (shape) checkShape(op, shape)
  const nested = ArrayBuffer.isView(data) ? [data.length] : shapeOf(data)
  const flat = ArrayBuffer.isView(data) ? data : flatten(data)
  check(
    typeof flat[0] !== 'bigint',
    () => `${op}: the values are big integers; convert them: Int32Array.from(data, Number)`,
  )
  const to = shape ?? nested
  check(
    sizeOf(to) === flat.length,
    () => `${op}: ${flat.length} values for shape ${show(to)}, which holds ${sizeOf(to)}`,
  )
  const type = dtype ?? dtypeOf(flat)
  const t = empty(to, type, op)
  const TypedArray = arrayOf[type]
  const values = type === 'bool' ? Uint32Array.from(flat, v => (v ? 1 : 0)) : flat
  if (!(values instanceof TypedArray)) checkHeld(op, values, type)
  const bits =
    values instanceof TypedArray
      ? (values as Float32Array<ArrayBuffer>)
      : TypedArray.from(values as ArrayLike<number>)
  if (bits.length > 0) write(t.storage.lease, bits)
  if (bits instanceof Int32Array) noteRange(t, bits)
  return withGrad(t, requiresGrad)
}

/** Every element the same value; `type` is the dtype, unless given. */
export function filled(
  op: string,
  shape: Shape,
  value: number | boolean,
  options: Options = {},
  type: DType = typeof value === 'boolean' ? 'bool' : 'f32',
): Tensor {
  checkShape(op, shape)
  const { dtype = type, requiresGrad = false } = checked(op, options, optionNames)
  check(
    typeof value === 'number' || typeof value === 'boolean',
    () => `${op}: the value is ${described(value)}; it must be a number or a truth value`,
  )
  checkHeld(op, [value], dtype)
  const t = empty(shape, dtype, op)
  const n = Math.ceil(t.size / 4)
  run(fillKernel, { params: { n, value: bitsOf(value, dtype) }, tensors: { y: t }, threads: n })
  return withGrad(t, requiresGrad)
}

export const optionNames = ['dtype', 'requiresGrad'] as const

/** The options, checked. */
export function checked<O extends Options>(
  op: string,
  options: O,
  names: readonly (keyof O & string)[],
): O {
  optionsOf(op, options, names)
  if (options.dtype !== undefined) checkDType(op, options.dtype)
  return options
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
