/** Means and how far values lie from them. */

/** The mean, and the sample's standard deviation √(Σ (x − mean)² / (n − 1)); 0 for one value. */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 }
}
