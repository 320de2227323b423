/** Where kernels write the gradients of parameters: to their part of an optimizer's buffer. */
import { sideBySide } from '../tensor/contiguous.js'
import type { Tensor } from '../tensor/tensor.js'

/** The destinations of one backward pass. */
export class Destinations {
  private readonly used = new Set<Tensor>()

  /** @param intoBuffers whether what is written becomes the `grad` of the tensors */
  constructor(private readonly intoBuffers: boolean) {}

  /**
   * Tensors for the gradients of xs, all in one buffer, each at a multiple of four elements: the
   * optimizer's, if all xs belong to one and have no gradient yet, else a new one.
   */
  of(op: string, ...xs: readonly Tensor[]): Tensor[] {
    const buffers = xs.map(x => x.gradBuffer)
    const free =
      this.intoBuffers &&
      xs.every((x, i) => !x.grad && !this.used.has(x) && buffers[i]?.lease === buffers[0]?.lease) &&
      buffers[0]
    if (!free) return sideBySide(op, ...xs.map(x => x.shape))
    for (const x of xs) this.used.add(x)
    return buffers.map(buffer => buffer!.show())
  }
}
