/** Means, and how far values lie from them. */

export interface Mean {
  readonly mean: number
  /** The sample's standard deviation. */
  readonly deviation: number
  /** The standard error of the mean. */
  readonly error: number
}

/**
 * x̄ = (1/n) Σ x,  the deviation √(Σ (x − x̄)² / (n − 1)),  and the error of x̄, which is the
 * deviation / √n. Both are 0 for one value.
 */
export function meanOf(values: Float64Array | readonly number[]): Mean {
  const [n, all] = [values.length, Float64Array.from(values)]
  const mean = all.reduce((sum, x) => sum + x, 0) / n
  const squares = all.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  const deviation = n > 1 ? Math.sqrt(squares / (n - 1)) : 0
  return { mean, deviation, error: deviation / Math.sqrt(n) }
}
