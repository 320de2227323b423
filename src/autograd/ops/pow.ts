/** Powers with a tensor or a number as exponent. */
import { binary } from '../../launches/binary.js'
import { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { mul, sub } from './arithmetic.js'
import { equal } from './compare.js'
import { log } from './elementwise.js'
import { broadcast, checkFloat, type Operand } from './operands.js'
import { pointwise } from './pointwise.js'
import { where } from './where.js'

/** y = aᵇ. NaN for negative a and non-integer b; a⁰ = 1. */
export function pow(a: Operand, b: Operand): Tensor {
  if (a instanceof Tensor && typeof b === 'number') return powNumber(a, b)
  const [A, B] = broadcast('pow', a, b)
  checkFloat('pow', A)
  const y = binary('pow', 'POW', A, B)
  return record('pow', y, [
    [A, dy => where(equal(B, 0), 0, mul(dy, mul(B, pow(A, sub(B, 1)))))], // b a^(b−1)
    [B, dy => where(equal(A, 0), 0, mul(dy, mul(y, log(A))))], // aᵇ ln a
  ])
}

/** y = x² */
export function square(x: Tensor): Tensor {
  return powNumber(x, 2)
}

function powNumber(x: Tensor, p: number): Tensor {
  const curve = p === 0 || p === 1 ? null : (s: Tensor) => mul(powNumber(s, p - 2), p * (p - 1))
  return pointwise('pow', x, { code: 'POWER', saves: 'x', curve, c0: p })
}
