/** The gradients that come out of a walk: each owns its memory, and leaves keep their sums. */
import { watchGradAdded, watchGradCleared, watchGradUsed } from '../compile/watch.js'
import { accumulate } from '../launches/accumulate.js'
import { checkTensor } from '../tensor/arguments.js'
import { aligned, copy, overlaps } from '../tensor/contiguous.js'
import { release, unscoped } from '../tensor/lifetime.js'
import type { Storage } from '../tensor/storage.js'
import type { Tensor } from '../tensor/tensor.js'
import { record } from './tape.js'

/**
 * Copies a gradient that shares memory with dy, where the walk began, or with another gradient:
 * writing to one of them in place would change both.
 */
export function ownership(dy: Tensor): (dx: Tensor) => Tensor {
  const owned = new Set<Storage>([dy.storage])
  return dx => {
    const own = aligned(dx) === dx && !owned.has(dx.storage)
    owned.add(dx.storage)
    return own ? dx : record('copy', copy(dx), [[dx, ddx => ddx]])
  }
}

/** Adds to the `grad` of a leaf. */
export function addToLeaf(x: Tensor, dx: Tensor, own: (dx: Tensor) => Tensor): void {
  if (x.grad && overlaps(x.grad)) {
    watchGradUsed(x)
    x.grad = unscoped(copy(x.grad)) // such as zeros([]).expand(shape), set by hand
  }
  watchGradAdded(x)
  if (x.grad) accumulate(x.grad, dx)
  else x.grad = unscoped(own(dx))
}

/** Forgets a leaf's gradient. Its memory ends with the innermost scope. */
export function zeroGrad(x: Tensor): void {
  checkTensor('zeroGrad', x)
  watchGradCleared(x)
  if (!x.grad) return
  // the next gradient overwrites borrowed memory: old references must fail instead of showing it
  if (x.grad.storage.borrowed) x.grad.dispose()
  else release(x.grad)
  x.grad = null
}
