/** The way out of the graph. */
import { type Tensor, view } from '../../tensor/tensor.js'

/** The same memory as a leaf without history: no gradient flows back through it. */
export function detach(x: Tensor): Tensor {
  return view(x, x, 'detach')
}
