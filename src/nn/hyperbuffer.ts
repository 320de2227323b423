import { write } from '../kernels/transfer.js'
import { keep } from '../tensor/lifetime.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** A group's options on the GPU, where a recorded step reads them. */
export class HyperBuffer {
  readonly tensor: Tensor
  private written: readonly number[] = []

  constructor(length: number) {
    this.tensor = keep(empty([length], 'f32', 'hyper'))
  }

  /** Writes the options, if one has changed. */
  set(values: readonly number[]): void {
    if (values.every((value, i) => value === this.written[i])) return
    this.written = values
    write(this.tensor.storage.lease, Float32Array.from(values))
  }
}
