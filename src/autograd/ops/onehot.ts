/** Classes as vectors. */
import { check } from '../../kernels/check.js'
import { checkTensor } from '../../tensor/arguments.js'
import { arange } from '../../tensor/create.js'
import { checkInside } from '../../tensor/known.js'
import { show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { to } from './cast.js'
import { equal } from './compare.js'
import { unsqueeze } from './reshape.js'

/**
 * y[…, c] = 1 where index[…] = c, else 0, i32.   index i32 [...]   y [..., classes]
 *
 * PyTorch may find the number of classes by itself; here it must be given. An index that the GPU
 * computed and that is no class gives zeros.
 * @throws Error unless the index is i32, and, from the host, below `classes`
 */
export function oneHot(index: Tensor, classes: number): Tensor {
  checkTensor('oneHot', index)
  check(
    index.dtype === 'i32' && Number.isInteger(classes) && classes > 0,
    () =>
      `oneHot: the index is ${show(index.shape)} ${index.dtype}, of ${classes} classes; ` +
      'it must be i32, and their number whole and above 0',
  )
  checkInside('oneHot', 'the index', index, classes)
  return to(equal(unsqueeze(index, -1), arange(classes)), 'i32')
}
