/** A replay compared with the step itself, bit by bit. */
import { check } from '../kernels/check.js'
import { contentsOf } from '../kernels/contents.js'
import { giveBack, type Lease, lend } from '../kernels/pool.js'
import { Recording, unrecorded } from '../kernels/recording.js'
import { compareBeforeReads, copyBytes, readUnchecked } from '../kernels/transfer.js'
import { copy } from '../tensor/contiguous.js'
import { drawsSoFar, replayDrawsFrom } from '../tensor/generator.js'
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

  /**
   * Runs the step and keeps what it has computed, then restores everything as it was before. The
   * step is recorded again, so it does on the host what a recorded one does.
   */
  expect(step: () => readonly Tensor[]): void {
    const { recording } = Recording.of(() => {
      const results = step()
      this.results = unrecorded(() => results.map(copy))
    })
    recording.dispose()
    for (const { lease, before, expected } of this.states) {
      copyBytes(lease, expected)
      copyBytes(before, lease)
    }
    replayDrawsFrom(this.draws)
  }

  /** Compares with what the replay has left. Reads wait for it, and throw a difference. */
  compare(results: readonly Tensor[]): void {
    const comparisons = [
      ...results.map((t, i) =>
        checkEqual(`result ${i} (${t})`, bitsOf(copy(t)), bitsOf(this.results[i])),
      ),
      ...this.states.map(({ lease, expected }, i) => {
        const [replayed, wanted] = [lease, expected].map(from => read(from, lease))
        return checkEqual(`state ${i} (${lease.used} bytes)`, replayed, wanted)
      }),
    ]
    compareBeforeReads(Promise.all(comparisons).then(() => {}))
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

/** What a buffer holds, without its gaps: those of `of`. */
async function read(lease: Lease, of: Lease): Promise<ArrayBuffer> {
  const parts = contentsOf(of)
  const words = new Uint32Array(await readUnchecked(lease, 0, of.used))
  const held = new Uint32Array(parts.reduce((sum, { count }) => sum + count, 0))
  let at = 0
  for (const { from, count } of parts) {
    held.set(words.subarray(from, from + count), at)
    at += count
  }
  return held.buffer
}

function bitsOf({ storage, offset, size }: Tensor): Promise<ArrayBuffer> {
  return readUnchecked(storage.lease, 4 * offset, 4 * size)
}
