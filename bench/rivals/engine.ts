/** A tensor engine that trains an autoencoder with Adam (lr 1e-3, PyTorch's other defaults). */
export interface Engine {
  /** Name and version. */
  readonly version: string
  /** What it computes on, in its driver's words. */
  readonly adapter: string
  /** How it was made to run here, where that is worth a word. */
  readonly notes: readonly string[]
  readonly trainer: Trainer
}

export interface Trainer {
  /** Starts a training step on batch i of the problem. What it needs is on the device already. */
  step(i: number): void | Promise<void>
  /** Waits until all that was started is done, the weights of the last step included. */
  finish(): Promise<void>
  /** The loss of the last step. */
  loss(): Promise<number>
}
