/** Softmax and its logarithm: numbers made into shares of 1 along a dimension. */
import { compact } from '../../tensor/contiguous.js'
import { run } from '../../tensor/run.js'
import { dimOf, sizeOf } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'
import { isRecording, record } from '../tape.js'
import { mul, sub } from './arithmetic.js'
import { exp } from './elementwise.js'
import { checkFloat } from './operands.js'
import { sum } from './sum.js'

/** y[j] = e^x[j] / Σₖ e^x[k] along a dimension. */
export function softmax(x: Tensor, dim: number): Tensor {
  const d = dimOf('softmax', dim, x.rank)
  const y = launch('softmax', x, d)
  const share = (dy: Tensor) => mul(y, sub(dy, sum(mul(dy, y), d, { keepdim: true })))
  return record('softmax', y, [
    [x, dy => (isRecording() && x.rank > 0 ? share(dy) : launch('softmax', y, d, dy))],
  ])
}

/** y[j] = x[j] − ln Σₖ e^x[k] along a dimension: exact where softmax itself would be 0. */
export function logSoftmax(x: Tensor, dim: number): Tensor {
  const d = dimOf('logSoftmax', dim, x.rank)
  const y = launch('logSoftmax', x, d)
  const share = (dy: Tensor) => sub(dy, mul(exp(y), sum(dy, d, { keepdim: true })))
  return record('logSoftmax', y, [
    [x, dy => (isRecording() && x.rank > 0 ? share(dy) : launch('logSoftmax', y, d, dy))],
  ])
}

/** Forward from x; backward from y and dy. */
function launch(op: 'softmax' | 'logSoftmax', x: Tensor, dim: number, dy?: Tensor): Tensor {
  checkFloat(op, x)
  const source = compact(x)
  const result = empty(x.shape, 'f32', op)
  const size = x.shape[dim] ?? 1
  const rows = size === 0 ? 0 : x.size / size
  run('softmax', {
    entry: dy ? 'backward' : 'forward',
    constants: { LOG: op === 'logSoftmax' },
    params: { rows, size, inner: sizeOf(x.shape.slice(dim + 1)) },
    tensors: { source, dy: dy ? compact(dy) : source, result },
    threads: rows,
  })
  return result
}
