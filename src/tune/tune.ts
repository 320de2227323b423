/** Finds the fastest kernels of this machine, and keeps them for the next start. */
import { device, sessionNumber } from '../kernels/device.js'
import { keepTuning, keptTuning } from '../launches/rungs/rung.js'
import { type Family, families, type Variants } from '../launches/variants.js'
import { optionsOf } from '../tensor/arguments.js'
import { untilIdle } from './idle.js'
import { measure, type Tried } from './measure.js'
import { works } from './works.js'

export interface TuneOptions {
  /** Measure at once, instead of whenever nothing was launched for 100 ms. */
  readonly now?: boolean
  /** Measure though this adapter was measured before. */
  readonly again?: boolean
  /** Ends it before the next measurement. */
  readonly signal?: AbortSignal
  /** Is called for each kernel when its family was measured. */
  readonly tried?: (result: Tried) => void
}

/**
 * Measures the kernels of each family on this adapter, and keeps the names of the fastest: in a
 * page's localStorage, in Node in a file of the user's cache. They are used from the next start on;
 * in this one, kernels and their bits stay as they are. An adapter that was measured before is not
 * measured again.
 *
 *     await init()
 *     tune() // not awaited: the first step runs at once, with the kernels of the table
 *
 * By default it works only while the program launches nothing: one kernel at a time, on a GPU a few
 * milliseconds each, and longer where a driver must compile it first. It does not touch the random
 * stream.
 * @returns the kernels that are kept; null if it was ended by `signal`, or by `shutdown`
 * @throws Error before `init`
 */
export async function tune(options: TuneOptions = {}): Promise<Variants | null> {
  const { now, again, signal, tried } = optionsOf('tune', options, [
    'now',
    'again',
    'signal',
    'tried',
  ])
  const kept = keptTuning()
  if (kept && !again && Object.keys(families).every(family => family in kept))
    return kept as unknown as Variants
  const session = sessionNumber()
  const isOpen = () => isDeviceOpen() && session === sessionNumber()
  const pause = async () => {
    if (!now) await untilIdle()
    return !signal?.aborted && isOpen()
  }
  if (!(await pause())) return null
  const { of, release } = works()
  try {
    const best: Record<string, string> = {}
    for (const [family, work] of Object.entries(of) as [Family, (typeof of)[Family]][]) {
      const times = await measure(work, pause)
      if (!times) return null
      for (const variant of Object.keys(work))
        tried?.({ family, variant, ms: times.get(variant) ?? null })
      best[family] = [...times].sort(([, a], [, b]) => a - b)[0][0]
    }
    keepTuning(best)
    return best as unknown as Variants
  } catch (error) {
    if (isOpen()) throw error
    return null
  } finally {
    if (isOpen()) release()
  }
}

function isDeviceOpen(): boolean {
  try {
    return Boolean(device())
  } catch {
    return false
  }
}
