/** The affine map of a fully connected layer, with the activation that often follows it. */
import { check } from '../../kernels/check.js'
import { type Activation, activationCode } from '../../launches/activation.js'
import { linearForward, linearGradients } from '../../launches/linear.js'
import { optionsOf } from '../../tensor/arguments.js'
import { sameShape, show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { activated } from '../fuse.js'
import type { Request } from '../shortcut.js'
import { record } from '../tape.js'
import { checkFloat } from './operands.js'
import { transpose } from './permute.js'
import { product } from './product.js'
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
  bias: Tensor | null = null,
  options: LinearOptions = {},
): Tensor {
  const { activation = null } = optionsOf('linear', options, ['activation'])
  checkFloat('linear', x, weight, ...(bias === null ? [] : [bias]))
  const [outputs, inputs] = weight.shape
  check(
    weight.rank === 2 &&
      x.rank > 0 &&
      x.shape.at(-1) === inputs &&
      (!bias || sameShape(bias.shape, [outputs])),
    () =>
      `linear: x is ${show(x.shape)}, weight is ${show(weight.shape)}` +
      `${bias ? `, bias is ${show(bias.shape)}` : ''}; ` +
      'weight is [out, in], the last size of x is in, bias is [out]',
  )
  const rows = x.shape.slice(0, -1)
  if (rows.length === 1) return ofRows(x, weight, bias, activation)
  const y = ofRows(reshape(x, [sizeOf(rows), inputs]), weight, bias, activation)
  return reshape(y, [...rows, outputs])
}

/** For x [n, in]. */
function ofRows(x: Tensor, w: Tensor, b: Tensor | null, f: Activation | null): Tensor {
  const y = record(
    'linear',
    linearForward(x, w, b, activationCode(f)),
    [
      [x, dy => product(dy, w, true)], // dx[n,i] = Σₒ dy[n,o] W[o,i]
      [w, dy => product(transpose(dy), x, true)], // dW[o,i] = Σₙ dy[n,o] x[n,i]
      b && [b, dy => sum(dy, 0)], // db[o] = Σₙ dy[n,o]
    ],
    { shortcut: (dy, request) => (x.size > 0 ? inOneKernel(x, w, b, dy, request) : []) },
  )
  return activated(y, f)
}

function inOneKernel(x: Tensor, w: Tensor, b: Tensor | null, dy: Tensor, request: Request) {
  const of = b ? [w, b] : [w]
  const into = of.some(request.wants) ? request.destinations('linear', ...of) : null
  const behind = activationCode(request.behind(x))
  const dx = linearGradients(x, w, dy, { dx: request.wants(x), into, behind })
  return [dx, ...(into ?? [])]
}
