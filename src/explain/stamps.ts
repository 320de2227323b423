/** Times of passes by the GPU's own clock. */
import { awaited } from '../kernels/adapter.js'
import { device } from '../kernels/device.js'
import { caughtUp } from '../kernels/order.js'

const most = 2048 // passes: a query set holds at most 4096 queries
// GPUBufferUsage and GPUMapMode, which Node does not have as globals
const [QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ, READ] = [0x200, 0x4, 0x8, 0x1, 0x1]

/** Two queries for each pass: its beginning and its end. */
export class Stamps {
  private readonly set = device().createQuerySet({ type: 'timestamp', count: 2 * most })
  /** Passes that have asked for a place so far; more than `read` gives where there was no room. */
  passes = 0

  /** Where the next pass writes its times; undefined when there is no more room. */
  next(): GPUComputePassTimestampWrites | undefined {
    const pass = this.passes++
    if (pass >= most) return undefined
    return {
      querySet: this.set,
      beginningOfPassWriteIndex: 2 * pass,
      endOfPassWriteIndex: 2 * pass + 1,
    }
  }

  end(): void {
    this.set.destroy()
  }

  /** Milliseconds of each pass, in order. Ends the set. */
  async read(): Promise<number[]> {
    await caughtUp()
    const passes = Math.min(this.passes, most)
    const size = 16 * Math.max(passes, 1)
    const resolved = device().createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC })
    const landing = device().createBuffer({ size, usage: MAP_READ | COPY_DST })
    const encoder = device().createCommandEncoder()
    encoder.resolveQuerySet(this.set, 0, 2 * Math.max(passes, 1), resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, landing, 0, size)
    device().queue.submit([encoder.finish()])
    await awaited(() => landing.mapAsync(READ))
    const times = new BigInt64Array(landing.getMappedRange().slice(0))
    for (const buffer of [resolved, landing]) buffer.destroy()
    this.end()
    return Array.from({ length: passes }, (_, i) => Number(times[2 * i + 1] - times[2 * i]) / 1e6)
  }
}
