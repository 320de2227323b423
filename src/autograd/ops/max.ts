/** The largest and the smallest elements along dimensions. */
import { check } from '../../kernels/check.js'
import { type Extreme, extreme, extremeValue, type Rows } from '../../launches/extreme.js'
import { checkTensor, optionsOf } from '../../tensor/arguments.js'
import { compact } from '../../tensor/contiguous.js'
import { dimOf, dimsOf, show, sizeOf, stridesOf } from '../../tensor/shape.js'
import { type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { div, mul } from './arithmetic.js'
import { to } from './cast.js'
import { equal } from './compare.js'
import { sumAlong } from './gather.js'
import { permute } from './permute.js'
import { flatten, reshape, squeeze, unsqueeze } from './reshape.js'
import { type ReduceOptions, sum } from './sum.js'

type Dims = number | readonly number[]

/**
 * y = the largest element over the given dims, all of them by default. Equal ones divide the
 * gradient evenly. NaN is larger than all.
 */
export function amax(x: Tensor, dims?: Dims, options?: ReduceOptions): Tensor {
  return overDims('amax', 'max', x, dims, options)
}

/**
 * y = the smallest element over the given dims, all of them by default. Equal ones divide the
 * gradient evenly. NaN is smaller than all.
 */
export function amin(x: Tensor, dims?: Dims, options?: ReduceOptions): Tensor {
  return overDims('amin', 'min', x, dims, options)
}

/** The largest element of all: a scalar. Equal ones divide the gradient evenly. */
export function max(x: Tensor): Tensor
/** The largest elements along a dim and their indices, i32: of equal ones the first. */
export function max(x: Tensor, dim: number, options?: ReduceOptions): [y: Tensor, indices: Tensor]
export function max(x: Tensor, dim?: number, options?: ReduceOptions): Tensor | [Tensor, Tensor] {
  return dim === undefined ? overDims('max', 'max', x) : alongDim('max', 'max', x, dim, options)
}

/** The smallest element of all: a scalar. Equal ones divide the gradient evenly. */
export function min(x: Tensor): Tensor
/** The smallest elements along a dim and their indices, i32: of equal ones the first. */
export function min(x: Tensor, dim: number, options?: ReduceOptions): [y: Tensor, indices: Tensor]
export function min(x: Tensor, dim?: number, options?: ReduceOptions): Tensor | [Tensor, Tensor] {
  return dim === undefined ? overDims('min', 'min', x) : alongDim('min', 'min', x, dim, options)
}

/** Index of the largest element, i32: along a dim, or in x flattened. The first of equal ones. */
export function argmax(x: Tensor, dim?: number, options?: ReduceOptions): Tensor {
  return dim === undefined ? argmax(flatten(x), 0) : alongDim('argmax', 'max', x, dim, options)[1]
}

/** Index of the smallest element, i32: along a dim, or in x flattened. The first of equal ones. */
export function argmin(x: Tensor, dim?: number, options?: ReduceOptions): Tensor {
  return dim === undefined ? argmin(flatten(x), 0) : alongDim('argmin', 'min', x, dim, options)[1]
}

/** Over several dims. dx[i] = dy · [x[i] = y] / (number of such i). */
function overDims(
  op: string,
  which: Extreme,
  x: Tensor,
  dims?: Dims,
  options: ReduceOptions = {},
): Tensor {
  const { keepdim = false } = optionsOf(op, options, ['keepdim'])
  checkTensor(op, x)
  const list = dimsOf(op, dims, x.rank)
  const others = [...x.shape.keys()].filter(d => !list.includes(d))
  const kept = x.shape.map((size, d) => (list.includes(d) ? 1 : size))
  // the given dims come last, as one dimension
  const rows = compact(permute(x, [...others, ...list]))
  const outer = sizeOf(others.map(d => x.shape[d]))
  const size = sizeOf(list.map(d => x.shape[d]))
  checkElements(op, x, { outer, size, inner: 1 })
  const y = extremeValue(op, which, rows, { outer, size, inner: 1 })
  const full = view(y, { shape: kept, strides: stridesOf(kept) }, op)
  const shape = keepdim ? kept : others.map(d => x.shape[d])
  const result = view(y, { shape, strides: stridesOf(shape) }, op)
  return record(op, result, [
    [
      x,
      dy => {
        const winners = to(equal(x, full), 'f32')
        return mul(winners, div(reshape(dy, kept), sum(winners, list, { keepdim: true })))
      },
    ],
  ])
}

/** Along one dim, with the index of the first winner, which receives all of dy. */
function alongDim(
  op: string,
  which: Extreme,
  x: Tensor,
  dim: number,
  options: ReduceOptions = {},
): [y: Tensor, indices: Tensor] {
  const { keepdim = false } = optionsOf(op, options, ['keepdim'])
  checkTensor(op, x)
  if (x.rank === 0) return alongDim(op, which, unsqueeze(x, 0), 0)
  const d = dimOf(op, dim, x.rank)
  const rows = {
    outer: sizeOf(x.shape.slice(0, d)),
    size: x.shape[d],
    inner: sizeOf(x.shape.slice(d + 1)),
  }
  checkElements(op, x, rows)
  const shape = x.shape.with(d, 1)
  const [y, indices] = extreme(op, which, x, rows).map(t =>
    view(t, { shape, strides: stridesOf(shape) }, op),
  )
  record(op, y, [[x, dy => sumAlong(dy, d, indices, x.shape)]])
  return keepdim ? [y, indices] : [squeeze(y, d), squeeze(indices, d)]
}

function checkElements(op: string, x: Tensor, { outer, size, inner }: Rows): void {
  check(
    x.dtype !== 'bool',
    () => `${op}: the tensor is ${show(x.shape)} bool; convert with to('i32')`,
  )
  check(
    size > 0 || outer * inner === 0,
    () => `${op}: x is ${show(x.shape)}; there is no element to be found along a size of 0`,
  )
}
