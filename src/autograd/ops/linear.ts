/** The affine map of a fully connected layer. */
import { check } from '../../kernels/check.js'
import { show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { add } from './arithmetic.js'
import { matmul } from './matmul.js'
import { transpose } from './permute.js'

/**
 * y = x Wᵀ + b.   x [..., in]   W [out, in]   b [out]   y [..., out]
 * @throws Error when sizes do not fit
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  const [outputs, inputs] = weight.shape
  check(
    weight.rank === 2 &&
      x.shape.at(-1) === inputs &&
      (!bias || show(bias.shape) === show([outputs])),
    () =>
      `linear: x is ${show(x.shape)}, weight is ${show(weight.shape)}${bias ? `, bias is ${show(bias.shape)}` : ''}; ` +
      'weight is [out, in], the last size of x is in, bias is [out]',
  )
  const y = matmul(x, transpose(weight))
  return bias ? add(y, bias) : y
}
