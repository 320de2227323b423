/** The four element types. Each takes 4 bytes on the GPU; a bool is 0 or 1. */
export type DType = 'f32' | 'i32' | 'u32' | 'bool'

export type HostArray =
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>

/** The host's array type for a tensor's bits. */
export const arrayOf = {
  f32: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  bool: Uint32Array,
} as const

/** The number that the kernels know a type by: F32, I32, U32, BOOL. */
export const codeOf = { f32: 0, i32: 1, u32: 2, bool: 3 } as const

/** The bits of one value, as they lie in a buffer. */
export function bitsOf(value: number | boolean, dtype: DType): number {
  const bits = new Uint32Array(1)
  new arrayOf[dtype](bits.buffer)[0] = Number(dtype === 'bool' ? Boolean(value) : value)
  return bits[0]
}
