/** One measurement: verify, warm up, then time rounds, each of them a chain of repetitions. */
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
  /** Whether the GPU's clock is right here. */
  gpuClock: boolean
}

/** Milliseconds are per repetition. */
export interface Measured extends Facts {
  readonly name: string
  readonly clock: Clock
  readonly ms: number
  readonly msMin: number
  /** The distance between the quartiles / the median. */
  readonly spread: number
  readonly rounds: number
  /** Repetitions per round. */
  readonly chain: number
  readonly dispatches: number
  readonly submits: number
  readonly flops?: number
  readonly bytes?: number
  readonly error: number
  readonly bound: number
  readonly meaning: string
}

/** Milliseconds per round at least, so that the clock's resolution and one wait do not matter. */
const shortest = 60
/** After this many milliseconds a row ends, once it has three rounds. */
const longest = 1500

/** @throws Error when the result is wrong, which is then not timed */
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

/** The length of a chain that takes long enough. Finding it warms up. */
async function lengthen(run: (length: number) => Promise<Record<Clock, number>>): Promise<number> {
  let length = 1
  for (;;) {
    const { wall } = await run(length)
    if (wall >= shortest) return length
    length = Math.ceil(length * Math.min(10, (1.2 * shortest) / wall))
  }
}

/** Launches and submits of one repetition, by the library and by the benchmark's own kernels. */
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
