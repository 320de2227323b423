/** A group's options on the GPU, where a recorded step reads them. */
import { type Recording, recordingNow, unrecorded } from '../kernels/recording.js'
import { write } from '../kernels/transfer.js'
import { keep } from '../tensor/lifetime.js'
import { empty, type Tensor } from '../tensor/tensor.js'

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

/**
 * The buffers of a group. A replay writes all options before its first launch. So where a recorded
 * step updates a group several times, perhaps with other options, each update has its own buffer.
 */
export class HyperBuffers {
  private readonly buffers: HyperBuffer[] = []
  private recording: Recording | null = null
  private used = 0

  constructor(private readonly length: number) {}

  /** The buffer for the next update. */
  next(): HyperBuffer {
    const recording = recordingNow()
    if (!recording || recording !== this.recording) this.used = 0
    this.recording = recording
    this.buffers[this.used] ??= unrecorded(() => new HyperBuffer(this.length))
    return this.buffers[this.used++]
  }
}
