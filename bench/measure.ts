/** One measurement: verify, warm up, then the median and the spread over rounds, each a chain of runs. */
import { check } from '../src/kernels/check.js'
import { launchCounts } from '../src/kernels/launch.js'
import { sync } from '../src/kernels/transfer.js'
import { scope } from '../src/node.js'
import { openScope } from '../src/tensor/scope.js'
import { type Clock, time } from './clock.js'
import { directCount } from './direct.js'
import type { Facts, Row } from './row.js'

export interface MeasureOptions {
  rounds: number
  /** Whether the GPU's clock is sane here. */
  gpuClock: boolean
}

/** Milliseconds are those of one run. */
export interface Measured extends Facts {
  readonly name: string
  readonly clock: Clock
  readonly ms: number
  readonly msMin: number
  /** Between the quartiles, as a part of the median. */
  readonly spread: number
  readonly rounds: number
  /** Runs in a round. */
  readonly chain: number
  readonly dispatches: number
  readonly submits: number
  readonly flops?: number
  readonly bytes?: number
  readonly error: number
  readonly bound: number
  readonly meaning: string
}

/** A round takes so long at least, so that neither clock's grain nor one wait counts. */
const shortest = 60
/** After so long a row has its three rounds at least and ends. */
const longest = 1500

/** @throws Error when the result is wrong: that is never timed */
export async function measure(
  { name, prepare, flops, bytes, wall = false }: Row,
  { rounds, gpuClock }: MeasureOptions,
): Promise<Measured> {
  const inputs = openScope()
  try {
    const { work, error, bound, meaning = 'error', facts } = await prepare()
    check(
      error <= bound,
      () => `${name}: ${meaning} is ${error}, more than ${bound}; what is wrong is not timed`,
    )
    const run = (length: number) =>
      time(() => {
        for (let i = 0; i < length; i++) scope(work)
      })
    await run(1)
    const { dispatches, submits } = await counted(work)
    check(dispatches > 0, () => `${name}: nothing is launched; what does not run is not timed`)
    const chain = await lengthen(run)
    const clock: Clock = gpuClock && !wall ? 'gpu' : 'wall'
    const times: number[] = []
    const began = performance.now()
    while (times.length < rounds && (times.length < 3 || performance.now() - began < longest))
      times.push((await run(chain))[clock] / chain)
    times.sort((a, b) => a - b)
    const at = (part: number) => times[Math.round(part * (times.length - 1))]
    return {
      name,
      clock,
      ms: at(0.5),
      msMin: times[0],
      spread: (at(0.75) - at(0.25)) / at(0.5),
      rounds: times.length,
      chain,
      dispatches,
      submits,
      flops,
      bytes,
      error,
      bound,
      meaning,
      ...facts,
    }
  } finally {
    inputs.close()
  }
}

/** The length of a chain that takes long enough; finding it warms up. */
async function lengthen(run: (length: number) => Promise<Record<Clock, number>>): Promise<number> {
  let length = 1
  for (;;) {
    const { wall } = await run(length)
    if (wall >= shortest) return length
    length = Math.ceil(length * Math.min(10, (1.2 * shortest) / wall))
  }
}

/** What one run launches and submits, by the library and by kernels of the benchmark alone. */
async function counted(work: () => void): Promise<{ dispatches: number; submits: number }> {
  const now = () => {
    const { launches, submits } = launchCounts()
    const own = directCount()
    return { dispatches: launches + own, submits: submits + own }
  }
  await sync()
  const before = now()
  scope(work)
  await sync()
  const after = now()
  return {
    dispatches: after.dispatches - before.dispatches,
    submits: after.submits - before.submits,
  }
}
