/** Two clocks. The GPU's measures its passes alone; the CPU's measures how long a user waits. */
import { Stamps } from '../src/explain/stamps.js'
import { device } from '../src/kernels/device.js'
import { timePasses } from '../src/kernels/launch.js'
import { sync } from '../src/kernels/transfer.js'

export type Clock = 'gpu' | 'wall'

let set: Stamps | null = null

/** Where the next pass writes its start and end in nanoseconds; undefined if nothing is timed. */
export function stamps(): GPUComputePassTimestampWrites | undefined {
  return set?.next()
}

/**
 * Milliseconds until the GPU has done `work`: by the CPU's clock, and as the sum of the GPU's
 * passes (NaN if the GPU has no clock).
 */
export async function time(work: () => void): Promise<Record<Clock, number>> {
  await sync()
  set = device().features.has('timestamp-query') ? new Stamps() : null
  timePasses(stamps)
  const began = performance.now()
  work()
  await sync()
  const wall = performance.now() - began
  timePasses(() => undefined)
  const { passes = 0 } = set ?? {}
  const times = (await set?.read()) ?? []
  set = null
  const isWhole = times.length > 0 && times.length === passes
  return { wall, gpu: isWhole ? times.reduce((sum, time) => sum + time, 0) : Number.NaN }
}

/** Whether the GPU's clock is right: for work that only computes, both clocks nearly agree. */
export function isSane({ gpu, wall }: Record<Clock, number>): boolean {
  return gpu > 0.5 * wall && gpu < 1.02 * wall
}
