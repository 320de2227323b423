/** Whole numbers that come from the host: those that i32 and u32 cannot hold are refused. */
import type { DType } from './dtype.js'

const limits = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
} as const

/**
 * Fractions are allowed: they are dropped towards 0, as in PyTorch.
 * @throws Error that names the first value that the dtype cannot hold
 */
export function checkHeld(
  op: string,
  values: ArrayLike<number | bigint | boolean>,
  dtype: DType,
): void {
  if (dtype !== 'i32' && dtype !== 'u32') return
  const [least, most] = limits[dtype]
  for (let i = 0; i < values.length; i++) {
    const value = Math.trunc(Number(values[i]))
    if (value >= least && value <= most) continue
    const which = values.length > 1 ? `element ${i}` : 'the value'
    throw new Error(
      `${op}: ${which} is ${values[i]}; ${dtype} holds whole numbers from ${least} to ${most}, ` +
        'f32 all others, rounded',
    )
  }
}
