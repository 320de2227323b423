/** A replay compared with the step itself, bit by bit. */
import { fail } from '../kernels/device.js'
import { giveBack, type Lease, lend } from '../kernels/pool.js'
import type { Recording } from '../kernels/recording.js'
import { copyBytes, read } from '../kernels/transfer.js'
import { copy } from '../tensor/contiguous.js'
import { drawsSoFar, replayDrawsFrom } from '../tensor/random.js'
import type { Tensor } from '../tensor/tensor.js'

/** What lay in a buffer, and what the step itself left there. */
interface State {
  readonly lease: Lease
  readonly before: Lease
  readonly expected: Lease
}

/** To be made before the step is run; then `expect`, the replay, and `compare`. */
export class Verification {
  private readonly draws = drawsSoFar()
  private readonly states: readonly State[]
  private results: readonly Tensor[] = []

  constructor(recording: Recording) {
    this.states = recording.changes.map(lease => {
      const [before, expected] = [lend(lease.bytes), lend(lease.bytes)]
      copyBytes(lease, before)
      return { lease, before, expected }
    })
  }

  /** Takes what the step has computed, and puts everything back as it was before. */
  expect(results: readonly Tensor[]): void {
    this.results = results.map(copy)
    for (const { lease, before, expected } of this.states) {
      copyBytes(lease, expected)
      copyBytes(before, lease)
    }
    replayDrawsFrom(this.draws)
  }

  /** Compares with what is there after the replay. A difference is thrown at the next read of any tensor. */
  compare(results: readonly Tensor[]): void {
    const pairs: [string, Promise<ArrayBuffer>, Promise<ArrayBuffer>][] = [
      ...results.map((t, i): [string, Promise<ArrayBuffer>, Promise<ArrayBuffer>] => [
        `result ${i} (${t})`,
        bitsOf(t),
        bitsOf(this.results[i]),
      ]),
      ...this.states.map(({ lease, expected }, i): (typeof pairs)[number] => [
        `state ${i} (${lease.used} bytes)`,
        read(lease, 0, lease.used),
        read(expected, 0, lease.used),
      ]),
    ]
    for (const [what, replayed, expected] of pairs)
      Promise.all([replayed, expected]).then(([a, b]) => {
        const at = difference(new Uint32Array(a), new Uint32Array(b))
        if (at >= 0)
          fail(
            new Error(
              `compile: the replay differs from the step in ${what} at ${at}; does the step compute with numbers of JavaScript that change? pass them as tensors`,
            ),
          )
      }, fail)
    for (const { before, expected } of this.states) {
      giveBack(before)
      giveBack(expected)
    }
  }
}

async function bitsOf(t: Tensor): Promise<ArrayBuffer> {
  return (await t.data()).buffer
}

function difference(a: Uint32Array, b: Uint32Array): number {
  return a.findIndex((bits, i) => bits !== b[i])
}
