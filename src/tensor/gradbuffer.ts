/** The part of an optimizer's buffer that belongs to one parameter's gradient. */
import type { Lease } from '../kernels/pool.js'
import { aliasOf, type Tensor } from './tensor.js'

export class GradBuffer {
  private shown: Tensor | null = null

  constructor(private readonly part: Tensor) {}

  /** The buffer in which it lies. */
  get lease(): Lease {
    return this.part.storage.lease
  }

  /** A tensor over this memory. The one before is gone: its content will be overwritten. */
  show(): Tensor {
    this.shown?.dispose()
    this.shown = aliasOf(this.part)
    return this.shown
  }
}
