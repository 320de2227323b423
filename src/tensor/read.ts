/** Elements copied to the host, in index order. */
import { launch } from '../kernels/launch.js'
import { giveBack, type Lease, lend } from '../kernels/pool.js'
import { read } from '../kernels/transfer.js'
import { copyKernel } from '../kernels/wgsl.js'
import { collapsed, type Layout } from './layout.js'
import { isContiguous, sizeOf } from './shape.js'

/** The bits of the elements of a view. */
export async function readElements(from: Lease, layout: Layout): Promise<ArrayBuffer> {
  const { shape, strides, offset } = layout
  const n = sizeOf(shape)
  if (n === 0) return new ArrayBuffer(0)
  if (isContiguous(shape, strides)) return read(from, 4 * offset, 4 * n)
  const row = lend(4 * n)
  const walk = collapsed(layout)
  launch(copyKernel, {
    entry: 'gather',
    constants: { RANK: walk.shape.length },
    params: { n, x_offset: offset, y_offset: 0, ...walk },
    buffers: { x: from, y: row },
    threads: n,
  })
  try {
    return await read(row, 0, 4 * n)
  } finally {
    giveBack(row)
  }
}
