/** The largest and the smallest elements along dimensions. */
import { check } from '../../kernels/check.js'
import { compact } from '../../tensor/contiguous.js'
import { codeOf } from '../../tensor/dtype.js'
import { run } from '../../tensor/run.js'
import { dimOf, dimsOf, show, sizeOf, stridesOf } from '../../tensor/shape.js'
import { empty, type Tensor, view } from '../../tensor/tensor.js'
import { record } from '../tape.js'
import { div, mul } from './arithmetic.js'
import { to } from './cast.js'
import { equal } from './compare.js'
import { collect } from './gather.js'
import { permute } from './permute.js'
import { flatten, reshape, squeeze, unsqueeze } from './reshape.js'
import { type ReduceOptions, sum } from './sum.js'

type Dims = number | readonly number[]
type Kind = 'max' | 'min'

/** y = the largest element over the given dims, all of them by default; equal ones share the gradient. NaN wins. */
export function amax(x: Tensor, dims?: Dims, { keepdim = false }: ReduceOptions = {}): Tensor {
  return shared('amax', 'max', x, dims, keepdim)
}

/** y = the smallest element over the given dims, all of them by default; equal ones share the gradient. NaN wins. */
export function amin(x: Tensor, dims?: Dims, { keepdim = false }: ReduceOptions = {}): Tensor {
  return shared('amin', 'min', x, dims, keepdim)
}

/** The largest element of all: a scalar; equal ones share the gradient. */
export function max(x: Tensor): Tensor
/** The largest elements along a dim and, as i32, where they are; the first of equal ones takes the gradient. */
export function max(x: Tensor, dim: number, options?: ReduceOptions): [y: Tensor, indices: Tensor]
export function max(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | [Tensor, Tensor] {
  return dim === undefined
    ? shared('max', 'max', x, undefined, false)
    : first('max', 'max', x, dim, keepdim)
}

/** The smallest element of all: a scalar; equal ones share the gradient. */
export function min(x: Tensor): Tensor
/** The smallest elements along a dim and, as i32, where they are; the first of equal ones takes the gradient. */
export function min(x: Tensor, dim: number, options?: ReduceOptions): [y: Tensor, indices: Tensor]
export function min(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | [Tensor, Tensor] {
  return dim === undefined
    ? shared('min', 'min', x, undefined, false)
    : first('min', 'min', x, dim, keepdim)
}

/** Where the largest element is, as i32: along a dim, or without one in x read row by row. The first of equal ones. */
export function argmax(x: Tensor, dim?: number, { keepdim = false }: ReduceOptions = {}): Tensor {
  return dim === undefined
    ? first('argmax', 'max', flatten(x), 0, false)[1]
    : first('argmax', 'max', x, dim, keepdim)[1]
}

/** Where the smallest element is, as i32: along a dim, or without one in x read row by row. The first of equal ones. */
export function argmin(x: Tensor, dim?: number, { keepdim = false }: ReduceOptions = {}): Tensor {
  return dim === undefined
    ? first('argmin', 'min', flatten(x), 0, false)[1]
    : first('argmin', 'min', x, dim, keepdim)[1]
}

/** Over several dims. dx[i] = dy · [x[i] = y] / (how many are). */
function shared(
  op: string,
  kind: Kind,
  x: Tensor,
  dims: Dims | undefined,
  keepdim: boolean,
): Tensor {
  const list = dimsOf(op, dims, x.rank)
  const others = [...x.shape.keys()].filter(d => !list.includes(d))
  const kept = x.shape.map((size, d) => (list.includes(d) ? 1 : size))
  // what is compared comes last, as one dimension
  const rows = compact(permute(x, [...others, ...list]))
  const outer = sizeOf(others.map(d => x.shape[d]))
  const size = sizeOf(list.map(d => x.shape[d]))
  checkSome(op, x, size, outer)
  const y = extreme(op, kind, rows, { outer, size, inner: 1, whole: true })[0]
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

/** Along one dim, with the place of the first winner. */
function first(
  op: string,
  kind: Kind,
  x: Tensor,
  dim: number,
  keepdim: boolean,
): [y: Tensor, indices: Tensor] {
  if (x.rank === 0) {
    const [y, at] = first(op, kind, unsqueeze(x, 0), 0, false)
    return [y, at]
  }
  const d = dimOf(op, dim, x.rank)
  const outer = sizeOf(x.shape.slice(0, d))
  const inner = sizeOf(x.shape.slice(d + 1))
  checkSome(op, x, x.shape[d], outer * inner)
  const size = x.shape[d]
  const [values, at] = extreme(op, kind, compact(x), { outer, size, inner, whole: false })
  const shape = x.shape.with(d, 1)
  const [y, indices] = [values, at].map(t => view(t, { shape, strides: stridesOf(shape) }, op))
  record(op, y, [[x, dy => collect(dy, d, indices, x.shape)]])
  return keepdim ? [y, indices] : [squeeze(y, d), squeeze(indices, d)]
}

const longest = 4096 // elements that one invocation compares in one go

/** [outer, size, inner] to [outer, inner]; `whole` if nobody asks for places, so that long rows may be cut. */
function extreme(
  op: string,
  kind: Kind,
  x: Tensor,
  { outer, size, inner, whole }: { outer: number; size: number; inner: number; whole: boolean },
): [y: Tensor, at: Tensor] {
  check(
    x.dtype !== 'bool',
    () => `${op}: the tensor is ${show(x.shape)} bool; convert with to('i32')`,
  )
  const parts = whole ? Math.max(1, Math.ceil(size / longest)) : 1
  const n = outer * parts * inner
  const [y, at] = [empty([n], x.dtype, op), empty([n], 'i32', op)]
  run('extreme', {
    constants: { TYPE: codeOf[x.dtype], SMALLEST: kind === 'min' },
    params: { n, size, inner, parts, part: Math.ceil(size / parts) },
    tensors: { x, y, at },
    threads: n,
  })
  return parts === 1 ? [y, at] : extreme(op, kind, y, { outer, size: parts, inner, whole })
}

function checkSome(op: string, x: Tensor, size: number, outputs: number): void {
  check(
    size > 0 || outputs === 0,
    () => `${op}: x is ${show(x.shape)}; there is no element to be found along a size of 0`,
  )
}
