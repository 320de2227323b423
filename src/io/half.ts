/** Floats of 16 bits, widened to 32 without loss. */

/** bfloat16: the upper half of a float32. */
export function fromBrainFloat(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(bits, half => half << 16).buffer)
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent, 10 of fraction. */
export function fromHalf(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(bits, half => {
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0) return sign * fraction * 2 ** -24
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}

/** Floats rounded to the nearest binary16, to the even one where two are as near. */
export function toHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(Float32Array.from(values).buffer)
  return Uint16Array.from(words, halfOf)
}

/**
 * Up to 2⁻¹⁴ the result is a whole number of 2⁻²⁴; above, 13 bits are dropped. A carry out of the
 * fraction raises the exponent, up to infinity.
 */
function halfOf(word: number): number {
  const magnitude = word & 0x7fffffff
  const exponent = magnitude >>> 23
  const fraction = (magnitude & 0x7fffff) | 0x800000
  const drop = Math.min(126 - Math.min(exponent, 113), 25) // bits
  const rounded = (fraction + (1 << (drop - 1)) - 1 + ((fraction >>> drop) & 1)) >>> drop
  const finite = ((Math.max(exponent, 113) - 113) << 10) + rounded
  const half = magnitude > 0x7f800000 ? 0x7e00 : Math.min(finite, 0x7c00) // NaN, infinity
  return ((word >>> 16) & 0x8000) | half
}
