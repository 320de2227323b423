/** Contiguous copies of tensors, for kernels that need them, and writes in place. */
import { check } from '../kernels/check.js'
import { noteContents } from '../kernels/contents.js'
import { copyKernel } from '../kernels/wgsl.js'
import { collapsed } from './layout.js'
import { run } from './run.js'
import { type Shape, sameShape, show, sizeOf, stridesOf } from './shape.js'
import { empty, type Tensor, view } from './tensor.js'

/** The tensor itself if it is contiguous, else a contiguous copy. Not recorded for gradients. */
export function compact(x: Tensor): Tensor {
  return x.isContiguous ? x : copy(x)
}

/** Contiguous, and starting at a multiple of four elements, as kernels that read vec4s want it. */
export function aligned(x: Tensor): Tensor {
  return x.isContiguous && x.offset % 4 === 0 ? x : copy(x)
}

/** A contiguous copy with memory of its own. Not recorded for gradients. */
export function copy(x: Tensor): Tensor {
  const y = empty(x.shape, x.dtype, x.op)
  copyElements(x, y)
  return y
}

/**
 * Overwrites the elements of `target` in place with those of `source`, of the same shape and dtype.
 * For parameters and states; a graph that still needs the old values will refuse to run backward.
 */
export function assign(target: Tensor, source: Tensor): void {
  check(
    sameShape(target.shape, source.shape) && target.dtype === source.dtype,
    () =>
      `assign: ${show(source.shape)} ${source.dtype} does not fit into ${show(target.shape)} ` +
      `${target.dtype}; they must be equal`,
  )
  copyElements(source.storage === target.storage ? copy(source) : source, target)
  target.storage.markChanged()
}

/** Whether several elements have one place in memory, as in an expanded tensor. */
export function overlaps({ shape, strides }: Tensor): boolean {
  return shape.some((size, d) => size > 1 && strides[d] === 0)
}

/** y[i] = x[i], of one shape, in different buffers. Does not count as a change of y. */
export function copyElements(x: Tensor, y: Tensor): void {
  const walk = collapsed(y.isContiguous ? x : y)
  run(copyKernel, {
    entry: y.isContiguous ? 'gather' : 'scatter',
    constants: { RANK: walk.shape.length },
    params: { n: x.size, ...walk },
    tensors: { x: y.isContiguous ? x : compact(x), y },
    threads: x.size,
  })
}

/** New f32 tensors of these shapes in one buffer, each starting at a multiple of four elements. */
export function sideBySide(op: string, ...shapes: readonly Shape[]): Tensor[] {
  const sizes = shapes.map(shape => 4 * Math.ceil(sizeOf(shape) / 4))
  const startOf = (i: number) => sizes.slice(0, i).reduce((start, size) => start + size, 0)
  const all = empty([startOf(sizes.length)], 'f32', op)
  noteContents(
    all.storage.lease,
    shapes.map((shape, i) => ({ from: startOf(i), count: sizeOf(shape) })),
  )
  return shapes.map((shape, i) =>
    view(all, { shape, strides: stridesOf(shape), offset: startOf(i) }, op),
  )
}
