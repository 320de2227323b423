/** The launches of a piece of work, one by one, each with its time by the GPU's clock. */
import { flush, timePasses } from '../kernels/launch.js'
import { sync } from '../kernels/transfer.js'
import { type Bound, watchRuns } from '../tensor/run.js'
import { Stamps } from './stamps.js'

/** One launch of a kernel. */
export interface Launched {
  readonly kernel: string
  /** `kernel.entry,CONSTANT=value,…` */
  readonly label: string
  readonly tensors: readonly Bound[]
  /** Elements of its tensors, four bytes each. */
  readonly bytes: number
  /** By the GPU's clock; null where it has none, and beyond 2,048 launches in all. */
  readonly milliseconds: number | null
}

/**
 * Runs `work`, and waits until the GPU has finished. If it is to be timed, every launch is a pass
 * of its own. `work` is given a function that counts the launches so far. `milliseconds` are those
 * of the CPU's clock for all of it.
 * @throws Error what `work` throws
 */
export async function launchesOf(
  work: (count: () => number) => unknown,
  timed: boolean,
): Promise<{ launches: Launched[]; milliseconds: number }> {
  await sync()
  const stamps = timed ? new Stamps() : null
  const runs: Omit<Launched, 'milliseconds'>[] = []
  if (stamps) timePasses(() => stamps.next())
  watchRuns((kernel, tensors, label) => {
    const bytes = tensors.reduce((sum, { tensor }) => sum + 4 * tensor.size, 0)
    runs.push({ kernel, label, tensors, bytes })
    if (stamps) flush()
  })
  const began = performance.now()
  try {
    await work(() => runs.length)
  } catch (error) {
    stamps?.end()
    throw error
  } finally {
    watchRuns(null)
    flush()
    timePasses(() => undefined)
  }
  await sync()
  const milliseconds = performance.now() - began
  const times = await stamps?.read()
  // with more passes than launches of tensors, or than places for times, times would be of others
  const usable = times?.length === runs.length ? times : null
  return {
    launches: runs.map((run, i) => ({ ...run, milliseconds: usable ? usable[i] : null })),
    milliseconds,
  }
}
