/**
 * The largest allowed |result − float64 reference| / max(1, |reference|).
 *
 * f32 has 24 bits: one rounding is off by at most 6e-8. WGSL allows 2.5 ulp for division and √,
 * 3 + 2|x| ulp for eˣ, 3 ulp for ln x (2⁻²¹ near 1), both together for aᵇ, and 1e-5 for tanh.
 * Gradients have the same bounds, relative to Σ|vᵢ gᵢ|, in which rounding errors mostly cancel.
 * Float64 differences are exact to 1e-8, second differences to 1e-7.
 */
export const tolerances = {
  /** Values are copied or compared, not computed. */
  exact: 0,
  /** A few roundings: arithmetic, products of up to about ten terms. */
  rounded: 2e-6,
  /** Sums of thousands of terms of both signs: the error depends on the terms, not on the sum. */
  summed: 2e-5,
  /** eˣ, ln, √, powers, and functions of them. */
  curved: 1e-5,
} as const

export type Tolerance = keyof typeof tolerances
