/** Codes as whole numbers of a few bits, and back. */

export interface Quantised {
  /** Lowest and highest value of each number of a code: [size · 2]. */
  readonly ranges: Float32Array
  /** [size · count]: first the first number of every code. */
  readonly codes: Uint16Array
}

/**
 * q = round((z − low) / (high − low) · (2^bits − 1)), each number of a code in its own range; 0
 * where the range is one value.
 */
export function quantise(codes: Float32Array, size: number, bits: number): Quantised {
  const count = codes.length / size
  const ranges = new Float32Array(2 * size)
  const whole = new Uint16Array(codes.length)
  for (let i = 0; i < size; i++) {
    let [low, high] = [Infinity, -Infinity]
    for (let n = 0; n < count; n++) {
      low = Math.min(low, codes[n * size + i])
      high = Math.max(high, codes[n * size + i])
    }
    ranges.set([low, high], 2 * i)
    const unit = high > low ? (2 ** bits - 1) / (high - low) : 0
    for (let n = 0; n < count; n++)
      whole[i * count + n] = Math.round((codes[n * size + i] - low) * unit)
  }
  return { ranges, codes: whole }
}

/** z = low + q / (2^bits − 1) · (high − low), as codes [count · size]. */
export function restoreCodes({ ranges, codes }: Quantised, bits: number): Float32Array {
  const size = ranges.length / 2
  const count = codes.length / size
  const values = new Float32Array(codes.length)
  for (let i = 0; i < size; i++) {
    const [low, high] = ranges.subarray(2 * i, 2 * i + 2)
    const unit = (high - low) / (2 ** bits - 1)
    for (let n = 0; n < count; n++) values[n * size + i] = low + codes[i * count + n] * unit
  }
  return values
}
