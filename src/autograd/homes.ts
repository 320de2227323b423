/** Where kernels write the gradients of parameters: to the places that an optimizer has for them, if they are free. */
import { sideBySide } from '../tensor/contiguous.js'
import type { Tensor } from '../tensor/tensor.js'

/** The leaves whose homes this backward pass has given out; null outside of one. */
let taken: Set<Tensor> | null = null

/** The tensors that last showed the leaves' homes. */
const given = new WeakMap<Tensor, Tensor>()

/** Runs a walk whose gradients go to the leaves' `grad`. */
export function withHomes<T>(walk: () => T): T {
  const before = taken
  taken = new Set()
  try {
    return walk()
  } finally {
    taken = before
  }
}

/**
 * New tensors of the shapes of `xs` for their gradients, all in one buffer and each beginning at a multiple of four
 * elements: the homes of the xs where all have one, and free ones, side by side.
 */
export function gradientsOf(op: string, ...xs: readonly Tensor[]): Tensor[] {
  const free = xs.every(x => x.gradHome && !x.grad && taken && !taken.has(x))
  if (free) {
    const homes = xs.map(x => x.gradHome!())
    if (homes.every(home => home.storage.lease === homes[0].storage.lease)) {
      for (const [i, x] of xs.entries()) {
        taken!.add(x)
        given.get(x)?.dispose() // who still holds it, past an x.grad = null, shall not see the next gradient
        given.set(x, homes[i])
      }
      return homes
    }
  }
  return sideBySide(op, ...xs.map(x => x.shape))
}
