/** A tensor engine that trains an autoencoder with Adam (lr 1e-3, PyTorch's other defaults). */
export interface Engine {
  /** Name and version. */
  readonly version: string
  /** What it computes on, as its driver says. */
  readonly adapter: string
  /** How it was made to run here, if that needs explaining. */
  readonly notes: readonly string[]
  readonly trainer: Trainer
}

export interface Trainer {
  /** Starts a training step on batch i of the problem. Its data is on the device already. */
  step(i: number): void | Promise<void>
  /** Waits until all started steps are done, and the weights of the last one too. */
  finish(): Promise<void>
  /** The loss of the last step. */
  loss(): Promise<number>
}
