/** A row of the benchmark: work to be timed, and a check that its result is right. */
/** Work that is ready to be timed, and the error of its result. */
export interface Prepared {
  /** Queues the work once. Called many times. */
  work(): void
  /** Distance from float64, or what `meaning` says. Above the bound nothing is timed. */
  error: number
  bound: number
  meaning?: string
  /** What a row measures beside its time. */
  facts?: Facts
}

export interface Row {
  /** family/sizes/form, by which `--only` selects. */
  readonly name: string
  prepare(): Promise<Prepared>
  /** Floating-point operations per repetition; a multiply-add is two. */
  readonly flops?: number
  /** Bytes that one repetition must read and write at least: each input and each result once. */
  readonly bytes?: number
  /** Timed by the CPU's clock, waiting included, even if the GPU has a clock. */
  readonly wall?: boolean
}

/** Facts about training steps. Times in ms, sizes in bytes. */
export interface Facts {
  /** From the start of a new process to the loss of its first step. */
  coldFirstStepMs?: number
  /** The same when the driver has the compiled shaders in its cache. */
  cachedFirstStepMs?: number
  /** All buffers of a new process after its first steps. */
  peakBytes?: number
  /** Images in a batch. */
  images?: number
}
