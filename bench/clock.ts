/** Two clocks. The GPU's measures its passes alone; the CPU's measures how long a user waits. */
import { awaited } from '../src/kernels/adapter.js'
import { device } from '../src/kernels/device.js'
import { timePasses } from '../src/kernels/launch.js'
import { sync } from '../src/kernels/transfer.js'

export type Clock = 'gpu' | 'wall'

const most = 2048 // passes: a query set holds at most 4096 queries
const [QUERY_RESOLVE, COPY_SRC, MAP_READ, COPY_DST] = [0x200, 0x04, 0x01, 0x08]

let set: GPUQuerySet | null = null
let passes = 0

/** Where the next pass writes its start and end in nanoseconds; undefined if nothing is timed. */
export function stamps(): GPUComputePassTimestampWrites | undefined {
  if (!set) return
  if (++passes > most) return
  const end = 2 * passes - 1
  return { querySet: set, beginningOfPassWriteIndex: end - 1, endOfPassWriteIndex: end }
}

/**
 * Milliseconds until the GPU has done `work`: by the CPU's clock, and as the sum of the GPU's
 * passes (NaN if the GPU has no clock).
 */
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

/** Whether the GPU's clock is right: for work that only computes, both clocks nearly agree. */
export function isSane({ gpu, wall }: Record<Clock, number>): boolean {
  return gpu > 0.5 * wall && gpu < 1.02 * wall
}

/** The sum of end − start over all passes, in milliseconds. */
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
