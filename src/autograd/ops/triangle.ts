/** Triangles of matrices: each is its own adjoint. */
import { check } from '../../kernels/check.js'
import { triangle } from '../../launches/triangle.js'
import { checkTensor, checkWhole } from '../../tensor/arguments.js'
import { show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'

/**
 * The lower triangle:  y[…, i, j] = x[…, i, j] where j − i ≤ diagonal, else 0.
 *
 * `diagonal` is 0 for the main one, above 0 for those to its right. x [..., m, n]
 * @throws Error when x has fewer than two dims
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return part('tril', x, diagonal, false)
}

/** The upper triangle:  y[…, i, j] = x[…, i, j] where j − i ≥ diagonal, else 0. See `tril`. */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return part('triu', x, diagonal, true)
}

function part(op: string, x: Tensor, diagonal: number, upper: boolean): Tensor {
  checkTensor(op, x)
  checkWhole(op, 'diagonal', diagonal)
  check(x.rank >= 2, () => `${op}: x is ${show(x.shape)}; it must have two dims or more`)
  const within = Math.max(-(2 ** 30), Math.min(2 ** 30, diagonal))
  const y = triangle(op, x, within, upper)
  return record(op, y, [[x, dy => part(op, dy, diagonal, upper)]])
}
