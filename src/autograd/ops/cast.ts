/** The same numbers as another type. */
import { cast } from '../../launches/cast.js'
import { checkDType, checkTensor } from '../../tensor/arguments.js'
import type { DType } from '../../tensor/dtype.js'
import type { Tensor } from '../../tensor/tensor.js'

/**
 * x as dtype: fractions are dropped towards 0, and anything but 0 is true. No gradient passes.
 *
 * A float beyond the range of i32 or u32 becomes the nearest float in it (PyTorch leaves the result
 * open); what NaN becomes depends on the GPU. Between i32 and u32 the bits stay.
 */
export function to(x: Tensor, dtype: DType): Tensor {
  checkTensor('to', x)
  checkDType('to', dtype)
  return x.dtype === dtype ? x : cast(x, dtype)
}
