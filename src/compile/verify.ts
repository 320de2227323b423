/** A replay compared with the step itself, bit by bit. */
import { check } from '../kernels/check.js'
import { fail } from '../kernels/device.js'
import { giveBack, type Lease, lend } from '../kernels/pool.js'
import type { Recording } from '../kernels/recording.js'
import { copyBytes, read } from '../kernels/transfer.js'
import { copy } from '../tensor/contiguous.js'
import { drawsSoFar, replayDrawsFrom } from '../tensor/random.js'
import type { Tensor } from '../tensor/tensor.js'

/** A buffer that the step writes to: its content before the step, and after the step itself. */
interface State {
  readonly lease: Lease
  readonly before: Lease
  readonly expected: Lease
}

/** Made before the step is run. Then come `expect`, the replay and `compare`. */
export class Verification {
  private readonly draws = drawsSoFar()
  private readonly states: readonly State[]
  private results: readonly Tensor[] = []

  constructor(recording: Recording) {
    this.states = recording.written().map(lease => {
      const [before, expected] = [lend(lease.bytes), lend(lease.bytes)]
      copyBytes(lease, before)
      return { lease, before, expected }
    })
  }

  /** Keeps what the step has computed, and restores everything as it was before the step. */
  expect(results: readonly Tensor[]): void {
    this.results = results.map(copy)
    for (const { lease, before, expected } of this.states) {
      copyBytes(lease, expected)
      copyBytes(before, lease)
    }
    replayDrawsFrom(this.draws)
  }

  /** Compares with what the replay has left. The next read of any tensor throws a difference. */
  compare(results: readonly Tensor[]): void {
    for (const [i, t] of results.entries())
      checkEqual(`result ${i} (${t})`, bitsOf(t), bitsOf(this.results[i])).catch(fail)
    for (const [i, { lease, expected }] of this.states.entries()) {
      const [replayed, wanted] = [lease, expected].map(from => read(from, 0, lease.used))
      checkEqual(`state ${i} (${lease.used} bytes)`, replayed, wanted).catch(fail)
    }
    for (const { before, expected } of this.states) {
      giveBack(before)
      giveBack(expected)
    }
  }
}

async function checkEqual(name: string, ...bits: Promise<ArrayBuffer>[]): Promise<void> {
  const [a, b] = (await Promise.all(bits)).map(bytes => new Uint32Array(bytes))
  const at = a.findIndex((word, i) => word !== b[i])
  check(
    at < 0,
    () =>
      `compile: the replay differs from the step in ${name} at ${at}; does the step compute with ` +
      'numbers of JavaScript that change? pass them as tensors',
  )
}

async function bitsOf(t: Tensor): Promise<ArrayBuffer> {
  return (await t.data()).buffer
}
