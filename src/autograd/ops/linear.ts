/** The affine map of a fully connected layer. */
import { check } from '../../kernels/check.js'
import { show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { add } from './arithmetic.js'
import { gemm } from './gemm.js'
import { matmul } from './matmul.js'
import { checkFloat } from './operands.js'
import { transpose } from './permute.js'
import { reshape } from './reshape.js'

/**
 * y = x Wᵀ + b.   x [..., in]   W [out, in]   b [out]   y [..., out]
 * @throws Error when sizes do not fit
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  const [outputs, inputs] = weight.shape
  check(
    weight.rank === 2 &&
      x.rank > 0 &&
      x.shape.at(-1) === inputs &&
      (!bias || show(bias.shape) === show([outputs])),
    () =>
      `linear: x is ${show(x.shape)}, weight is ${show(weight.shape)}${bias ? `, bias is ${show(bias.shape)}` : ''}; ` +
      'weight is [out, in], the last size of x is in, bias is [out]',
  )
  checkFloat('linear', x, weight)
  const rows = x.shape.slice(0, -1)
  const y = product(reshape(x, [sizeOf(rows), inputs]), weight)
  const shaped = rows.length === 1 ? y : reshape(y, [...rows, outputs])
  return bias ? add(shaped, bias) : shaped
}

/** y[i,o] = Σₖ x[i,k] W[o,k]. Its own rule, so that dW comes out in W's layout. */
function product(x: Tensor, weight: Tensor): Tensor {
  return record('linear', gemm(x, transpose(weight)), [
    [x, dy => matmul(dy, weight)], // dx[i,k] = Σₒ dy[i,o] W[o,k]
    [weight, dy => matmul(transpose(dy), x)], // dW[o,k] = Σᵢ dy[i,o] x[i,k]
  ])
}
