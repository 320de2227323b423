/** How far two trainings of 20 steps may be apart. */
import type { Results } from './ours.js'

export interface Bounds {
  readonly losses: number
  readonly weights: number
}

/**
 * Every engine rounds in its own way, and some trainings magnify that: in the tutorial's VAE the
 * gradient of a σ near 0 is near 1/σ. So PyTorch repeats its training three times from weights that
 * differ in their last bits, and ten times of what that changes is allowed; at least 1e-5 for
 * losses, 1e-4 for weights.
 */
export function boundsOf(theirs: Results): Bounds {
  const moved = (what: string) => 10 * Number(theirs[`moved.${what}`]?.data[0] ?? 0)
  return { losses: Math.max(1e-5, moved('losses')), weights: Math.max(1e-4, moved('weights')) }
}
