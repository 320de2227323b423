/** Times the kernels of a family on the same work. */
import { sync } from '../kernels/transfer.js'
import type { Family } from '../launches/variants.js'
import { scope } from '../tensor/lifetime.js'

/** A kernel, and its time for the family's work in ms; null where the device cannot run it. */
export interface Tried {
  readonly family: Family
  readonly variant: string
  readonly ms: number | null
}

/** The work of a family by each of its kernels; null where the device cannot run it. */
export type Works = Readonly<Record<string, (() => void) | null>>

const rounds = 5
/** A kernel that takes so many times as long as the best one is not tried again. */
const hopeless = 4

/**
 * The best time of each kernel. They alternate, so that a busy moment hits them all.
 * @param pause is awaited before each measurement; false ends them
 * @returns null if they were ended
 */
export async function measure(
  works: Works,
  pause: () => Promise<boolean>,
): Promise<Map<string, number> | null> {
  const times = new Map<string, number>()
  for (let round = 0; round < rounds; round++)
    for (const [variant, work] of Object.entries(works)) {
      const known = times.get(variant) ?? 0
      if (!work || known > hopeless * Math.min(...times.values())) continue
      if (!(await pause())) return null
      if (round === 0) {
        await timed(work) // compiles
        if (!(await pause())) return null
      }
      const ms = await timed(work)
      times.set(variant, round === 0 ? ms : Math.min(ms, known))
    }
  return times
}

const least = 4 // ms: a shorter time is mostly that of the way to the GPU and back

/** Milliseconds until the GPU has done the work. Short work is repeated. */
async function timed(work: () => void): Promise<number> {
  const once = await repeated(work, 1)
  const times = Math.min(32, Math.ceil(least / once))
  return times === 1 ? once : repeated(work, times)
}

async function repeated(work: () => void, times: number): Promise<number> {
  await sync()
  const began = performance.now()
  for (let i = 0; i < times; i++) scope(work)
  await sync()
  return (performance.now() - began) / times
}
