/** The affine map of a fully connected layer whose weights are packed halves. */
import { check } from '../../kernels/check.js'
import { type Activation, activationCode } from '../../launches/activation.js'
import { halfForward, unpackHalves } from '../../launches/half.js'
import { show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { activated } from '../fuse.js'
import { record } from '../tape.js'
import { checkFloat } from './operands.js'
import { product } from './product.js'
import { reshape } from './reshape.js'
import { sum } from './sum.js'

/**
 * y = f(x Wᵀ + b).   x [..., in]   W [out, words], packed halves   b [out]   y [..., out]
 *
 * W has no gradient.
 * @throws Error when the last size of x is not `inputs`
 */
export function halfLinear(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  { inputs, activation }: { inputs: number; activation: Activation | null },
): Tensor {
  checkFloat('HalfLinear', x)
  const [outputs] = weight.shape
  check(
    x.shape.at(-1) === inputs,
    () =>
      `HalfLinear: x is ${show(x.shape)}, weight is ${show([outputs, inputs])}; ` +
      'weight is [out, in], the last size of x is in',
  )
  const rows = x.shape.slice(0, -1)
  const flat = rows.length === 1 ? x : reshape(x, [sizeOf(rows), inputs])
  const z = record('halfLinear', halfForward(flat, weight, bias, activationCode(activation)), [
    [flat, dy => product(dy, unpackHalves(weight, inputs), true)], // dx[n,i] = Σₒ dy[n,o] W[o,i]
    [weight, null],
    bias && [bias, dy => sum(dy, 0)], // db[o] = Σₙ dy[n,o]
  ])
  const y = activated(z, activation)
  return rows.length === 1 ? y : reshape(y, [...rows, outputs])
}
