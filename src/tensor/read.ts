/** Elements copied to the host, in index order. */
import { giveBack, type Lease, lend } from '../kernels/pool.js'
import { gather, type Layout } from '../kernels/strided.js'
import { read } from '../kernels/transfer.js'
import { collapse, isContiguous, sizeOf } from './shape.js'

/** The bits of the elements of a view. */
export async function readElements(from: Lease, layout: Layout): Promise<ArrayBuffer> {
  const { shape, strides, offset } = layout
  const bytes = 4 * sizeOf(shape)
  if (bytes === 0) return new ArrayBuffer(0)
  if (isContiguous(shape, strides)) return read(from, 4 * offset, bytes)
  const walk = collapse(shape, [strides])
  const row = lend(bytes)
  gather(from, { shape: walk.shape, strides: walk.strides[0], offset }, row)
  try {
    return await read(row, 0, bytes)
  } finally {
    giveBack(row)
  }
}
