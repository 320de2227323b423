/** The tape for functions from outside of the library. */
import { type Arrow, record as note } from '../autograd/tape.js'
import { check } from '../kernels/check.js'
import { checkFunction, checkList, checkTensor, described } from '../tensor/arguments.js'
import type { Tensor } from '../tensor/tensor.js'

/**
 * Remembers how `y` was made, so that gradients pass through it. Returns y.
 *
 *     record('double', y, [[x, dy => dy.mul(2)]])
 *
 * An edge is an input and its arrow, which computes  dx = dy · ∂y/∂x  from the gradient dy of y. An
 * arrow of null says that no gradient passes. Arrows are written in differentiable operations; then
 * gradients have gradients. `y` must be new: not an input, and not recorded before.
 * @throws Error when y or the edges are something else
 */
export function record(
  op: string,
  y: Tensor,
  edges: readonly (readonly [input: Tensor, arrow: Arrow | null] | null)[],
): Tensor {
  check(
    typeof op === 'string',
    () => `record: the first argument is ${described(op)}; it is the operation's name`,
  )
  checkTensor('record', y)
  checkList('record', 'the third argument', edges, `record('${op}', y, [[x, dy => …]])`)
  for (const edge of edges) {
    if (edge === null) continue
    checkList('record', 'an edge', edge, `record('${op}', y, [[x, dy => …]])`)
    const [x, arrow] = edge
    checkTensor('record', x)
    if (arrow !== null) checkFunction(`record: the arrow of ${op}`, arrow)
    check(x !== y, () => `record: the result of ${op} is its own input; return a new tensor`)
  }
  check(
    !y.origin,
    () => `record: the result of ${op} was recorded as ${y.op}; compute it inside noGrad`,
  )
  return note(op, y, edges)
}
