/** One measurement: verify, warm up, then the median over rounds, each a chain of launches and one wait. */
import { launchCounts } from '../src/kernels/launch.js'
import { sync } from '../src/kernels/transfer.js'
import { scope } from '../src/node.js'

export interface Row {
  /** matmul/512x512x512, add/1048576, … */
  name: string
  /**
   * Makes the inputs. Returns the thing to time, and how far its result is from a float64 reference
   * (or what else `meaning` says); past the bound it is not timed.
   */
  prepare(): Promise<{ work(): void; error: number; bound: number; meaning?: string }>
  /** What one run does, in units of 10⁹: floating-point operations, or bytes moved. */
  amount?: number
  unit?: 'GFLOP/s' | 'GB/s'
}

const rounds = 9

/** Milliseconds a run (median and best over rounds), its dispatches and the rate. @throws Error when the result is wrong */
export async function measure({ name, prepare, amount, unit }: Row) {
  const { work, error, bound, meaning = 'error' } = await prepare()
  if (!(error <= bound))
    throw new Error(
      `${name}: ${meaning} is ${error}, more than ${bound}; what is wrong is not timed`,
    )
  const chain = async (length: number) => {
    const began = performance.now()
    for (let i = 0; i < length; i++) scope(work)
    await sync()
    return (performance.now() - began) / length
  }
  const first = await chain(2)
  const { launches } = launchCounts()
  scope(work)
  const dispatches = launchCounts().launches - launches
  const length = Math.max(1, Math.min(50, Math.round(60 / first))) // about 60 ms a round
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await chain(length))
  times.sort((a, b) => a - b)
  const ms = times[Math.floor(rounds / 2)]
  return {
    name,
    ms,
    msMin: times[0],
    dispatches,
    unit,
    rate: amount === undefined ? undefined : (amount / ms) * 1e3,
    error,
    meaning,
  }
}
