/** Two clocks: the GPU's own, which sees its passes alone, and the wall's, which sees what a user waits for. */
import { awaited } from '../src/kernels/adapter.js'
import { device } from '../src/kernels/device.js'
import { timePasses } from '../src/kernels/launch.js'
import { sync } from '../src/kernels/transfer.js'

export type Clock = 'gpu' | 'wall'

const most = 2048 // passes: a set holds 4096 queries at most
const [QUERY_RESOLVE, COPY_SRC, MAP_READ, COPY_DST] = [0x200, 0x04, 0x01, 0x08]

let set: GPUQuerySet | null = null
let passes = 0

/** Where the next pass notes its beginning and end, in nanoseconds; nowhere while no one asks. */
export function stamps(): GPUComputePassTimestampWrites | undefined {
  if (!set) return
  if (++passes > most) return
  const end = 2 * passes - 1
  return { querySet: set, beginningOfPassWriteIndex: end - 1, endOfPassWriteIndex: end }
}

/** Milliseconds of `work` until the GPU has done it, by the wall and as the sum of the GPU's passes (NaN without a clock there). */
export async function time(work: () => void): Promise<Record<Clock, number>> {
  await sync()
  const timed = device().features.has('timestamp-query')
  set = timed ? device().createQuerySet({ type: 'timestamp', count: 2 * most }) : null
  passes = 0
  timePasses(stamps)
  const began = performance.now()
  work()
  await sync()
  const wall = performance.now() - began
  timePasses(() => undefined)
  const gpu = set && passes > 0 && passes <= most ? await sum(set) : Number.NaN
  set?.destroy()
  set = null
  return { wall, gpu }
}

/** Whether the GPU's clock can be believed: work that only computes must take as long by it as by the wall, or a little less. */
export function isSane({ gpu, wall }: Record<Clock, number>): boolean {
  return gpu > 0.5 * wall && gpu < 1.02 * wall
}

/** What lay between beginning and end, over all passes, in milliseconds. */
async function sum(querySet: GPUQuerySet): Promise<number> {
  const size = 16 * passes
  const resolved = device().createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC })
  const landing = device().createBuffer({ size, usage: MAP_READ | COPY_DST })
  const encoder = device().createCommandEncoder()
  encoder.resolveQuerySet(querySet, 0, 2 * passes, resolved, 0)
  encoder.copyBufferToBuffer(resolved, 0, landing, 0, size)
  device().queue.submit([encoder.finish()])
  await awaited(() => landing.mapAsync(MAP_READ))
  const times = new BigInt64Array(landing.getMappedRange().slice(0))
  resolved.destroy()
  landing.destroy()
  let total = 0n
  for (let pass = 0; pass < passes; pass++) total += times[2 * pass + 1] - times[2 * pass]
  return Number(total) / 1e6
}
