import { mul, sub } from '../autograd/ops/arithmetic.js'
import { matmul } from '../autograd/ops/matmul.js'
import { transpose } from '../autograd/ops/permute.js'
import { reshape } from '../autograd/ops/reshape.js'
import { noGrad } from '../autograd/tape.js'
import { check } from '../kernels/check.js'
import { checkFinite, checkTensor } from '../tensor/arguments.js'
import { randn } from '../tensor/random.js'
import { show, sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { fill } from './fill.js'

const iterations = 50 // each multiplies the smallest singular values by 1.5; f32 has 1e-8 at least

/**
 * gain times a random orthogonal matrix: its rows, or its columns if they are fewer, are of length
 * gain and at right angles. All such matrices are equally likely. t [rows, ...] is taken as
 * [rows, columns].   Saxe, McClelland & Ganguli 2013, arXiv:1312.6120.
 *
 * It is the orthogonal factor of a normal matrix, to which  X ← (3X − X XᵀX) / 2  converges from
 * singular values below √3.   Björck & Bowie 1971, SIAM Journal on Numerical Analysis 8.
 * @throws Error when t has fewer than two dims
 */
export function orthogonal(t: Tensor, gain = 1): Tensor {
  checkTensor('init', t)
  checkFinite('init', 'gain', gain)
  check(
    t.rank >= 2,
    () => `init.orthogonal: the tensor is ${show(t.shape)}; it must have two dims or more`,
  )
  return fill(t, ([rows, ...others]) =>
    noGrad(() => {
      const columns = sizeOf(others)
      const isWide = rows < columns
      const normal = randn(isWide ? [columns, rows] : [rows, columns])
      let x = mul(normal, 1 / (Math.sqrt(rows) + Math.sqrt(columns))) // singular values up to 1
      for (let i = 0; i < iterations && x.size > 0; i++)
        x = sub(mul(x, 1.5), mul(matmul(x, matmul(transpose(x), x)), 0.5))
      return mul(reshape(isWide ? transpose(x) : x, t.shape), gain)
    }),
  )
}
