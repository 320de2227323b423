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

const [largest, smallestNormal] = [0x47800000, 0x38800000] // bits of 2¹⁶ and of 2⁻¹⁴

function halfOf(word: number): number {
  const sign = (word >>> 16) & 0x8000
  const magnitude = word & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00 // NaN
  if (magnitude >= largest) return sign | 0x7c00
  if (magnitude < smallestNormal) {
    // below the normal ones the step is 2⁻²⁴, and every f32 divides by it without loss
    const steps = new Float32Array(Uint32Array.of(magnitude).buffer)[0] * 2 ** 24
    const down = Math.floor(steps)
    const isUp = steps - down > 0.5 || (steps - down === 0.5 && down % 2 === 1)
    return sign | (down + Number(isUp))
  }
  // a carry out of the fraction raises the exponent, up to infinity
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1)
  return sign | ((rounded - 0x38000000) >>> 13)
}
