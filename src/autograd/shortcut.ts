/**
 * Shortcuts: kernels that compute all gradients of one operation together. They are there for speed alone.
 *
 * The arrows of a record say what its gradients are. A shortcut gives the same numbers in fewer launches; a
 * test holds every shortcut against its arrows. The walk chooses between them: see choose.ts.
 */
import type { Activation } from '../launches/activation.js'
import type { Tensor } from '../tensor/tensor.js'

/** From dy to the gradients of the inputs, in the order of the edges. What is missing is left to its arrow. */
export type Shortcut = (
  dy: Tensor,
  request: Request,
) => readonly (Tensor | null | undefined | false)[]

/** What the walk tells a shortcut. */
export interface Request {
  /** Whether the gradient of x is wanted. */
  wants(x: Tensor | null): boolean
  /**
   * f, if x = f(z) was computed in one kernel and the walk takes the gradient of z in place of that of x.
   * The shortcut then multiplies by f′(z), which follows from x.
   */
  behind(x: Tensor): Activation | null
  /** What has reached x so far, if anything. The gradient that the shortcut returns then includes it. */
  sumOf(x: Tensor): Tensor | null
  /** Where to write the gradients of xs: in one buffer, each at a multiple of four elements. */
  destinations(op: string, ...xs: readonly Tensor[]): Tensor[]
}

/** An f that was computed in the same kernel as its input. */
export interface Fused {
  /** The input of f. It stands on the tape only: its memory shows f(z). */
  readonly z: Tensor
  readonly f: Activation
}

/** What a record may have beside its arrows. */
export interface Extras {
  readonly shortcut?: Shortcut
  /** Set where the result is f(z). */
  readonly fused?: Fused
}
