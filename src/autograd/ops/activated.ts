/**
 * What a tensor y = f(z) was activated from, where f was part of another operation's kernel.
 *
 * Of such an operation only y is computed. On the tape it is two nodes all the same, one that ends in z and one
 * from z to y. An operation on y whose gradient kernel can multiply by f′ leads its arrow to z at once.
 */
import type { Activation } from '../../launches/activation.js'
import type { Tensor } from '../../tensor/tensor.js'

interface Before {
  /** For the tape, not to be read: it shows the memory of y. */
  readonly z: Tensor
  readonly activation: Activation | null
}

const before = new WeakMap<Tensor, Before>()

export function rememberBefore(y: Tensor, z: Before): void {
  before.set(y, z)
}

/** Where an arrow that multiplies by f′ may lead: to z and its f, or to x itself where x is no f(z). */
export function beforeActivation(x: Tensor): Before {
  return before.get(x) ?? { z: x, activation: null }
}

/** Says that y is another view of x, and so is what y was activated from. */
export function viewActivated(x: Tensor, y: Tensor, viewOf: (z: Tensor) => Tensor): void {
  const known = before.get(x)
  if (known && y.requiresGrad) before.set(y, { ...known, z: viewOf(known.z) })
}
