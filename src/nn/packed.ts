/** Buffers that hold parameters in packed form: a state shows them unpacked. */
import type { Shape } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

/** What a state shows in place of a packed buffer. */
export interface Packed {
  readonly shape: Shape
  readonly dtype: 'f32'
  /** A new tensor of that shape. */
  unpack(): Tensor
  /** Overwrites the buffer with the numbers of such a tensor. */
  pack(from: Tensor): void
}

export const packed = new WeakMap<Tensor, Packed>()
