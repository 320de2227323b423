/** Tensors in the host's memory, as files hold them. */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { fromBrainFloat, fromHalf } from './half.js'
import { arrays, dtypes, isNaturals, type SafeDType } from './header.js'

/** A tensor in the host's memory. F16 and BF16 are read as floats. */
export interface HostTensor {
  dtype: SafeDType
  shape: number[]
  data: TypedArray
}

export type TypedArray = InstanceType<(typeof arrays)[SafeDType]> & {
  readonly buffer: ArrayBuffer
}

type ArrayMaker = { new (buffer: ArrayBuffer): TypedArray; readonly name: string }

/** @throws Error, which begins with `who`, unless its values are of its dtype and fill its shape */
export function checkHostTensor(who: string, t: HostTensor): void {
  const { dtype, shape, data } = t ?? {}
  check(
    dtypes.includes(dtype) && Array.isArray(shape) && ArrayBuffer.isView(data),
    () =>
      `${who} is ${described(t)}; it must have dtype, shape and data, ` +
      'as await io.toHost(state) gives them',
  )
  const expected = shape.reduce((n, size) => n * size, 1)
  const Maker: ArrayMaker = arrays[dtype]
  check(
    isNaturals(shape) && data instanceof Maker && data.length === expected,
    () =>
      `${who} is ${dtype} [${shape}], ${expected} values in a ${Maker.name}, ` +
      `but has ${data.length} in a ${data.constructor.name}`,
  )
}

/** Bytes of a dtype, little end first, that begin a buffer of their own, as a tensor. */
export function hostTensor(dtype: SafeDType, shape: number[], buffer: ArrayBuffer): HostTensor {
  return widened({ dtype, shape, data: new arrays[dtype](buffer) })
}

/** Half-precision floats as floats; all others unchanged. */
export function widened(t: HostTensor): HostTensor {
  if (t.dtype !== 'F16' && t.dtype !== 'BF16') return t
  const convert = t.dtype === 'F16' ? fromHalf : fromBrainFloat
  return { ...t, dtype: 'F32', data: convert(t.data as Uint16Array) }
}

/** @throws Error that names the first truth value that is neither 0 nor 1 */
export function checkTruths(where: string, { dtype, data }: HostTensor): void {
  if (dtype !== 'BOOL') return
  const wrong = (data as Uint8Array).findIndex(value => value > 1)
  check(wrong < 0, () => `${where}: element ${wrong} is ${data[wrong]}; truth values are 0 or 1`)
}
