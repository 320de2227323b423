/** A copy that the graph knows. */
import { checkTensor } from '../../tensor/arguments.js'
import { copy } from '../../tensor/contiguous.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'

/** y = x in memory of its own, contiguous. The gradient passes: `clone(detach(x))` has none. */
export function clone(x: Tensor): Tensor {
  checkTensor('clone', x)
  return record('clone', copy(x), [[x, dy => dy]])
}
