import type { Lease } from '../kernels/pool.js'
import { write } from '../kernels/transfer.js'
import { keep } from '../tensor/lifetime.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** A group's options on the GPU, where a recorded step reads them; written only when one changed. */
export class HyperBuffer {
  private readonly tensor: Tensor
  private written: readonly number[] = []

  constructor(length: number) {
    this.tensor = keep(empty([length], 'f32', 'hyper'))
  }

  get lease(): Lease {
    return this.tensor.storage.lease
  }

  set(values: readonly number[]): void {
    if (values.every((value, i) => value === this.written[i])) return
    this.written = values
    write(this.lease, Float32Array.from(values))
  }
}
