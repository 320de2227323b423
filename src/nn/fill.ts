import { checkTensor } from '../tensor/arguments.js'
import { assign } from '../tensor/contiguous.js'
import { scope } from '../tensor/lifetime.js'
import type { Shape } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

/** Fills a tensor in place with values of its shape. Returns it. */
export function fill(t: Tensor, values: (shape: Shape) => Tensor): Tensor {
  checkTensor('init', t)
  scope(() => assign(t, values(t.shape)))
  return t
}
