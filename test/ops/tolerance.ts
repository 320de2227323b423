/**
 * How far a result may lie from the float64 reference, as a part of max(1, |reference|).
 *
 * f32 keeps 24 bits: one rounding errs by 6e-8 at most. WGSL promises no more than 2.5 ulp for a
 * division and for √, 3 + 2|x| ulp for eˣ, 3 ulp for ln x (2⁻²¹ near 1), both together for aᵇ, and
 * 1e-5 for tanh. Gradients are held to the same bounds, as a part of Σ|vᵢ gᵢ|, in which roundings mostly
 * cancel; float64 differences are good to 1e-8, second ones to 1e-7.
 */
export const tolerances = {
  /** Values are moved or compared, not computed. */
  exact: 0,
  /** A few roundings: arithmetic, products of up to some ten terms. */
  rounded: 2e-6,
  /** Sums of thousands of terms of either sign: the error follows their size, not the sum's. */
  summed: 2e-5,
  /** eˣ, ln, √, powers, and what is made of them. */
  curved: 1e-5,
} as const

export type Tolerance = keyof typeof tolerances
