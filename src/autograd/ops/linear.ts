/** The affine map of a fully connected layer, with what often follows it. */
import { check } from '../../kernels/check.js'
import type { Activation } from '../../launches/activation.js'
import { activationCode } from '../../launches/activation.js'
import { affine, affineGradients } from '../../launches/linear.js'
import { show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { gradientsOf } from '../homes.js'
import { type Edge, isRecording, shared } from '../tape.js'
import { beforeActivation } from './activated.js'
import { recordActivated, undoActivation } from './activation.js'
import { matmul } from './matmul.js'
import { checkFloat } from './operands.js'
import { transpose } from './permute.js'
import { reshape } from './reshape.js'
import { sum } from './sum.js'

export interface LinearOptions {
  /** f, computed along with the product; none by default. */
  activation?: Activation | null
}

/**
 * y = f(x Wᵀ + b).   x [..., in]   W [out, in]   b [out]   y [..., out]
 * @throws Error when sizes do not fit
 */
export function linear(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  { activation = null }: LinearOptions = {},
): Tensor {
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
  checkFloat('linear', x, weight, ...(bias ? [bias] : []))
  const rows = x.shape.slice(0, -1)
  const y = product(reshape(x, [sizeOf(rows), inputs]), weight, bias ?? null, activation)
  return rows.length === 1 ? y : reshape(y, [...rows, outputs])
}

function product(x: Tensor, w: Tensor, b: Tensor | null, activation: Activation | null): Tensor {
  const before = beforeActivation(x)
  const y = affine(x, w, b, activationCode(activation))
  const fused = shared(dy =>
    affineGradients(
      { x, w, b, dy },
      activationCode(before.activation),
      gradientsOf('linear', ...(b ? [w, b] : [w])),
    ),
  )
  const plain = () => isRecording() || x.size === 0
  const bias: Edge[] = b
    ? [[b, dy => (plain() ? sum(dy, 0) : fused(dy).db)]] // db[o] = Σₙ dy[n,o]
    : []
  return recordActivated('linear', y, activation, [
    // dx[n,i] = Σₒ dy[n,o] W[o,i]
    [
      before.z,
      dy => (plain() ? undoActivation(matmul(dy, w), x, before.activation) : fused(dy).dx),
    ],
    [w, dy => (plain() ? matmul(transpose(dy), x) : fused(dy).dw)], // dW[o,i] = Σₙ dy[n,o] x[n,i]
    ...bias,
  ])
}
