/**
 * Shortcuts: kernels that compute all gradients of one operation together, for speed alone.
 *
 * The arrows of a record say what its gradients are. A shortcut gives the same numbers in fewer
 * launches; a test holds every shortcut against its arrows. choose.ts chooses between them.
 */
import type { Activation } from '../launches/activation.js'
import type { Tensor } from '../tensor/tensor.js'

/** From dy to the gradients of the inputs, in the edges' order. A gap is left to its arrow. */
export type Shortcut = (
  dy: Tensor,
  request: Request,
) => readonly (Tensor | null | undefined | false)[]

/** What the walk tells a shortcut. */
export interface Request {
  /** Whether the gradient of x is wanted. */
  wants(x: Tensor | null): boolean
  /**
   * f, if x = f(z) was computed in one kernel and the gradient of z will do in place of that of x.
   * The shortcut must then multiply by f′(z), which follows from x.
   */
  behind(x: Tensor): Activation | null
  /** The sum of what has reached x so far. The gradient returned for x must then include it. */
  sumOf(x: Tensor): Tensor | null
  /** Where to write the gradients of xs: in one buffer, each at a multiple of four elements. */
  destinations(op: string, ...xs: readonly Tensor[]): Tensor[]
}

/** An f that was computed in the kernel of its input z. */
export interface Fused {
  /** Stands on the tape only: its memory shows f(z). */
  readonly z: Tensor
  readonly f: Activation
}

/** What a record may have beside its arrows. */
export interface Extras {
  readonly shortcut?: Shortcut
  /** Set where the result is f(z). */
  readonly fused?: Fused
}
