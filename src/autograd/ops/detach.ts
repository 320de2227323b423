/** The way out of the graph. */
import { checkTensor } from '../../tensor/arguments.js'
import { type Tensor, view } from '../../tensor/tensor.js'

/** The same memory as a leaf without history: no gradient flows back through it. */
export function detach(x: Tensor): Tensor {
  checkTensor('detach', x)
  return view(x, x, 'detach')
}
