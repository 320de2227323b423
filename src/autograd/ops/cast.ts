/** The same numbers as another type. */
import { cast } from '../../launches/cast.js'
import type { DType } from '../../tensor/dtype.js'
import type { Tensor } from '../../tensor/tensor.js'

/** x as dtype: fractions are dropped towards 0, and anything but 0 is true. No gradient passes. */
export function to(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : cast(x, dtype)
}
