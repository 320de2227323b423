/**
 * Where a recording keeps tensors that it is given. They lie there as they did outside, strides and
 * alignment included: kernels add in an order that depends on both.
 */
import type { Copy } from '../kernels/launch.js'
import { copyElements } from '../tensor/contiguous.js'
import { spanOf } from '../tensor/layout.js'
import { Storage } from '../tensor/storage.js'
import { Tensor, view } from '../tensor/tensor.js'

/** Describes how a tensor lies in its memory. */
export function layoutKey({ shape, strides, offset, dtype }: Tensor): string {
  return `[${shape}] [${strides}] ${offset % 4} ${dtype}`
}

/** A tensor that lies in new memory as x does in its own. Its content is undefined. */
export function placeFor(x: Tensor): Tensor {
  const { shape, strides, dtype, op } = x
  const offset = x.offset % 4
  const storage = new Storage(offset + spanOf(x), op)
  return new Tensor(storage, dtype, { shape, strides, offset }, op)
}

/** Copies the elements of x to a place that was made for it, or for a tensor that lay as x does. */
export function copyTo(place: Tensor, x: Tensor): Tensor {
  copyElements(memoryOf(x), memoryOf(place))
  return place
}

/** The same for a replay. */
export function copying(x: Tensor, place: Tensor): Copy {
  const [{ storage: source, offset, size }, { storage: to, offset: at }] = [x, place].map(memoryOf)
  return { source: source.lease, offset: 4 * offset, to: to.lease, at: 4 * at, bytes: 4 * size }
}

/** All memory from the first element to the last. */
function memoryOf(x: Tensor): Tensor {
  return view(x, { shape: [spanOf(x)], strides: [1] }, x.op)
}
