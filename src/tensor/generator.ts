/** The random stream: its seed, and the number of draws so far. A draw's numbers are a kernel's. */
import { check } from '../kernels/check.js'
import { onShutdown } from '../kernels/device.js'
import { type Lease, lend } from '../kernels/pool.js'
import { eachTime, type Recording, recordingNow, refuseToRecord } from '../kernels/recording.js'
import { write } from '../kernels/transfer.js'
import { described } from './arguments.js'

let seed: [number, number] = [0, 0]
let draws = 0
let state: Lease | null = null
/** The state that recorded draws read. */
let replayed: Lease | null = null
/** Counts the draws of the recording that is being made. */
let counter: { readonly recording: Recording; count: number } | null = null

/**
 * Restarts the random stream. All later draws depend only on the seed and on their order.
 * @param value a whole number from 0 to 2⁵³ − 1
 */
export function manualSeed(value: number): void {
  check(
    Number.isSafeInteger(value) && value >= 0,
    () => `manualSeed: ${value}; a seed is a whole number from 0 to 2^53 - 1`,
  )
  refuseToRecord(() => 'manualSeed inside the step would seed every replay alike; call it outside')
  seed = [value >>> 0, Math.floor(value / 2 ** 32)]
  draws = 0
  if (state) write(state, Uint32Array.of(...seed, 0, 0))
}

/** Draws since the seed was set. */
export function drawsSoFar(): number {
  return draws
}

/** The random stream's place, as plain JSON: `setRandomState` makes the stream go on from there. */
export function randomState(): { seed: number; draws: number } {
  return { seed: seed[0] + seed[1] * 2 ** 32, draws }
}

/** Makes the random stream go on from a state of `randomState()`. */
export function setRandomState(state: { seed: number; draws: number }): void {
  const count = state?.draws
  check(
    Number.isSafeInteger(count) && count >= 0,
    () => `setRandomState: got ${described(state)}; it must be a state of randomState()`,
  )
  manualSeed(state.seed)
  draws = count
}

/** Makes the next replay of a recording begin with draw number `base`. */
export function replayDrawsFrom(base: number): void {
  replayed ??= lend(16)
  write(replayed, Uint32Array.of(...seed, base, 0))
}

/**
 * The generator's state on the GPU, and the number of the next draw. In a recorded step, draws
 * count from a base: every replay sets it to the draws so far, and so continues the stream.
 */
export function nextDraw(): { generator: Lease; draw: number } {
  const recording = recordingNow()
  if (!recording) {
    draws++
    return { generator: stateOf(), draw: draws - 1 }
  }
  if (counter?.recording !== recording) {
    const own = { recording, count: 0 }
    counter = own
    eachTime(() => {
      replayDrawsFrom(draws)
      draws += own.count
    })
  }
  draws++
  return { generator: replayed!, draw: counter.count++ }
}

function stateOf(): Lease {
  if (!state) {
    state = lend(16)
    write(state, Uint32Array.of(...seed, 0, 0))
  }
  return state
}

onShutdown(() => {
  state = null
  replayed = null
  counter = null
})
