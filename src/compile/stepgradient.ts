/** The gradient that a recorded step leaves in a leaf. Every replay overwrites its memory. */
import type { Recording } from '../kernels/recording.js'
import { copy } from '../tensor/contiguous.js'
import { release, unscoped } from '../tensor/lifetime.js'
import { aliasOf, type Tensor } from '../tensor/tensor.js'

export class StepGradient {
  /** An alias of the gradient that nothing else disposes of; null if the step leaves none. */
  private readonly memory: Tensor | null
  private latest: Tensor | null

  constructor(
    private readonly leaf: Tensor,
    private readonly recording: Recording,
  ) {
    this.latest = leaf.grad
    this.memory = leaf.grad && unscoped(aliasOf(leaf.grad))
  }

  /** Puts it back after a replay, if the leaf has another gradient by now, or none. */
  restore(): void {
    const { leaf, latest, memory } = this
    if (leaf.grad === latest && (!latest || latest.storage.alive)) return
    if (leaf.grad?.storage.borrowed) leaf.grad.dispose()
    else if (leaf.grad) release(leaf.grad)
    this.latest = memory && unscoped(aliasOf(memory))
    leaf.grad = this.latest
  }

  /** Copies it to memory of its own, if it lies in the recording's. */
  copyOut(): void {
    const { leaf, latest, recording } = this
    if (!latest?.storage.alive || leaf.grad !== latest) return
    if (latest.storage.lease.arena !== recording.arena) return
    leaf.grad = unscoped(copy(latest))
    latest.dispose()
  }
}
