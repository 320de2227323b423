/** Softmax and its logarithm: numbers made into parts of 1 along a dimension. */
import { softmaxBackward, softmaxForward } from '../../launches/softmax.js'
import { dimOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { mul, sub } from './arithmetic.js'
import { exp } from './elementwise.js'
import { checkFloat } from './operands.js'
import { sum } from './sum.js'

/** y[j] = e^x[j] / Σₖ e^x[k] along a dimension. */
export function softmax(x: Tensor, dim: number): Tensor {
  checkFloat('softmax', x)
  const d = dimOf('softmax', dim, x.rank)
  const y = softmaxForward('softmax', x, d)
  return record(
    'softmax',
    y,
    // dx[j] = y[j] (dy[j] − Σₖ dy[k] y[k])
    [[x, dy => mul(y, sub(dy, sum(mul(dy, y), d, { keepdim: true })))]],
    { shortcut: dy => [softmaxBackward('softmax', y, d, dy)] },
  )
}

/** y[j] = x[j] − ln Σₖ e^x[k] along a dimension: exact where softmax itself would be 0. */
export function logSoftmax(x: Tensor, dim: number): Tensor {
  checkFloat('logSoftmax', x)
  const d = dimOf('logSoftmax', dim, x.rank)
  const y = softmaxForward('logSoftmax', x, d)
  return record(
    'logSoftmax',
    y,
    // dx[j] = dy[j] − e^y[j] Σₖ dy[k]
    [[x, dy => sub(dy, mul(exp(y), sum(dy, d, { keepdim: true })))]],
    { shortcut: dy => [softmaxBackward('logSoftmax', y, d, dy)] },
  )
}
