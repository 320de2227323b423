/** Sums and means over any dimensions. */
import { sumDims } from '../../launches/sum.js'
import { checkTensor, optionsOf } from '../../tensor/arguments.js'
import { dimsOf, sizeOf, stridesOf } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { div } from './arithmetic.js'
import { expand } from './expand.js'
import { checkFloat } from './operands.js'
import { reshape } from './reshape.js'

export interface ReduceOptions {
  /** Leave the reduced dimensions in place, with size 1. */
  keepdim?: boolean
}

/** y = Σ x over the given dims, counted from the end if negative; over all of them by default. */
export function sum(
  x: Tensor,
  dims?: number | readonly number[],
  options: ReduceOptions = {},
): Tensor {
  const { keepdim = false } = optionsOf('sum', options, ['keepdim'])
  checkTensor('sum', x)
  const list = dimsOf('sum', dims, x.rank)
  const [kept, y] = total(x, list, 1, keepdim)
  return record('sum', y, [[x, dy => expand(reshape(dy, kept), x.shape)]])
}

/** y = (1/n) Σ x over the given dims, n being the number of terms; over all of them by default. */
export function mean(
  x: Tensor,
  dims?: number | readonly number[],
  options: ReduceOptions = {},
): Tensor {
  const { keepdim = false } = optionsOf('mean', options, ['keepdim'])
  checkFloat('mean', x)
  const list = dimsOf('mean', dims, x.rank)
  const n = sizeOf(list.map(d => x.shape[d]))
  const [kept, y] = total(x, list, n, keepdim)
  return record('mean', y, [[x, dy => expand(div(reshape(dy, kept), n), x.shape)]])
}

function total(
  x: Tensor,
  dims: number[],
  divisor: number,
  keepdim: boolean,
): [kept: number[], y: Tensor] {
  const kept = x.shape.map((size, d) => (dims.includes(d) ? 1 : size))
  const y = sumDims(x, dims, divisor)
  if (keepdim) return [kept, y]
  const shape = x.shape.filter((_, d) => !dims.includes(d))
  return [kept, view(y, { shape, strides: stridesOf(shape) }, 'sum')]
}
