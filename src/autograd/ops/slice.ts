/** A part along one dimension, and its adjoint: that part placed into zeros. */
import { check } from '../../kernels/check.js'
import { launch } from '../../kernels/launch.js'
import { activationCode } from '../../launches/activation.js'
import { compact } from '../../tensor/contiguous.js'
import { dimOf, type Shape, show, sizeOf } from '../../tensor/shape.js'
import { empty, type Tensor, view } from '../../tensor/tensor.js'
import { isRecording, record } from '../tape.js'
import { beforeActivation } from './activated.js'
import { undoActivation } from './activation.js'
import { add } from './arithmetic.js'
import { reshape } from './reshape.js'

/** From `start` (0) up to but without `stop` (the end) in steps of `step` (1); negative: from the end. */
export interface Range {
  start?: number | null
  stop?: number | null
  step?: number
}

/** Elements start, start + step, … along a dimension, as Python's x[start:stop:step]. A view. */
export function slice(x: Tensor, dim: number, { start, stop, step = 1 }: Range): Tensor {
  const d = dimOf('slice', dim, x.rank)
  check(x.rank > 0, () => 'slice: the tensor is a scalar; it has no dimension to slice')
  check(
    Number.isInteger(step) && step > 0,
    () => `slice: step is ${step}; it must be a whole number above 0`,
  )
  const size = x.shape[d]
  const bound = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size)
  const [from, until] = [bound(start ?? 0), bound(stop ?? size)]
  const length = Math.max(0, Math.ceil((until - from) / step))
  return part(x, d, from, step, length)
}

/** `length` elements from `start` on along a dimension. A view. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const d = dimOf('narrow', dim, x.rank)
  const from = start < 0 ? start + x.shape[d] : start
  check(
    from >= 0 && length >= 0 && from + length <= x.shape[d],
    () =>
      `narrow: ${length} elements from ${start} along dim ${dim} of ${show(x.shape)}, which has ${x.shape[d]}`,
  )
  return part(x, d, from, 1, length)
}

/** The element at `index` along a dimension, which then is gone. A view. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const d = dimOf('select', dim, x.rank)
  check(
    x.rank > 0 && index >= -x.shape[d] && index < x.shape[d],
    () =>
      `select: index ${index} along dim ${dim} of ${show(x.shape)}; it runs from ${-x.shape[d]} to ${x.shape[d] - 1}`,
  )
  const at = index < 0 ? index + x.shape[d] : index
  return reshape(part(x, d, at, 1, 1), x.shape.toSpliced(d, 1))
}

/** Cut along a dimension into `chunks` pieces of ⌈size / chunks⌉; the last may be shorter, or lack. */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  check(
    Number.isInteger(chunks) && chunks > 0,
    () => `chunk: ${chunks} chunks; there must be at least 1`,
  )
  const d = dimOf('chunk', dim, x.rank)
  const length = Math.max(1, Math.ceil(x.shape[d] / chunks))
  return Array.from({ length: Math.max(1, Math.ceil(x.shape[d] / length)) }, (_, i) =>
    slice(x, d, { start: i * length, stop: (i + 1) * length }),
  )
}

function part(x: Tensor, d: number, from: number, step: number, length: number): Tensor {
  const y = view(
    x,
    {
      shape: x.shape.with(d, length),
      strides: x.strides.with(d, x.strides[d] * step),
      offset: x.offset + (length > 0 ? from * x.strides[d] : 0),
    },
    'slice',
  )
  const { z, activation } = beforeActivation(x)
  const cut = { shape: x.shape, d, from, step }
  const behind = { y: x, activation: activationCode(activation) }
  return record('slice', y, [
    [
      z,
      dy =>
        isRecording() ? undoActivation(place(dy, cut), x, activation) : place(dy, cut, { behind }),
      (dy, sum) =>
        isRecording()
          ? add(sum, undoActivation(place(dy, cut), x, activation))
          : place(dy, cut, { behind, sum }),
    ],
  ])
}

/** Which part of a tensor a slice shows. */
interface Cut {
  readonly shape: Shape
  readonly d: number
  readonly from: number
  readonly step: number
}

interface Under {
  /** What it is put on top of, instead of zeros. */
  sum?: Tensor
  /** An f(z) of the whole shape, and f's number: y is multiplied by f′(z). */
  behind?: { y: Tensor; activation: number }
}

/** Zeros of a shape, with y at from, from + step, … along dimension d: the adjoint of `part`. */
function place(y: Tensor, { shape, d, from, step }: Cut, { sum, behind }: Under = {}): Tensor {
  const x = empty(shape, 'f32', 'place')
  const [row, under] = [compact(y), sum && compact(sum)]
  const activated = behind?.activation ? compact(behind.y) : null
  launch('place', {
    entry: 'main',
    constants: { SUM: under !== undefined, BEHIND: activated ? behind!.activation : 0 },
    params: {
      n: x.size,
      size: shape[d],
      inner: sizeOf(shape.slice(d + 1)),
      start: from,
      step,
      length: y.shape[d],
      y_offset: row.offset,
      sum_offset: under?.offset ?? 0,
      activated_offset: activated?.offset ?? 0,
    },
    buffers: {
      y: row.storage.lease,
      sum: (under ?? row).storage.lease,
      activated: (activated ?? row).storage.lease,
      x: x.storage.lease,
    },
    threads: x.size,
  })
  return record('place', x, [[y, dx => part(dx, d, from, step, y.shape[d])]])
}
