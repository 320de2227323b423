/** What a benchmark consists of: rows, each a piece of work with a way to tell that it is right. */
import { type Tensor, view } from '../src/tensor/tensor.js'

/** Work that is ready to be timed, and how far its result is from what it must be. */
export interface Prepared {
  /** Queues the work once. Called again and again. */
  work(): void
  /** Distance from a float64 reference, or what else `meaning` says; past the bound nothing is timed. */
  error: number
  bound: number
  meaning?: string
  /** What a row knows beside its times. */
  facts?: Facts
}

export interface Row {
  /** family/sizes/form: what `--only` selects by. */
  readonly name: string
  prepare(): Promise<Prepared>
  /** Floating-point operations of one run; a multiply-add is two. */
  readonly flops?: number
  /** The bytes that one run has to read and write at least: each input and each result once. */
  readonly bytes?: number
  /** By the wall clock, waiting included, even where the GPU has a clock: what a user waits for. */
  readonly wall?: boolean
}

/** Of training steps. Times in ms, sizes in bytes. */
export interface Facts {
  /** From the start of a process of its own to the loss of its first step. */
  coldFirstStepMs?: number
  /** The same where the driver finds its shaders compiled. */
  cachedFirstStepMs?: number
  /** All buffers that a process of its own holds after its first steps. */
  peakBytes?: number
  /** Images in a batch. */
  images?: number
}

/**
 * The same tensor as a new object. Arrows that share work keep it for the dy that they saw last: to be timed,
 * a gradient has to come from another dy each time.
 */
export function renewed(dy: Tensor): Tensor {
  return view(dy, dy, dy.op)
}
