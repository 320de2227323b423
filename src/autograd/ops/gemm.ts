/** How a matrix product is computed: the launch behind `matmul`. Knows strides, not gradients. */
import { launch } from '../../kernels/launch.js'
import { copy } from '../../tensor/layout.js'
import { collapse, sizeOf } from '../../tensor/shape.js'
import { empty, type Tensor } from '../../tensor/tensor.js'

/** C = A B for A [..., m, k] and B [..., k, n] of equal batches. Both may be views; C is contiguous. */
export function gemm(a: Tensor, b: Tensor): Tensor {
  const batch = a.shape.slice(0, -2)
  const [m, k] = a.shape.slice(-2)
  const n = b.shape.at(-1)!
  const walk = collapse(batch, [a.strides.slice(0, -2), b.strides.slice(0, -2)])
  if (walk.shape.length > 4) return gemm(copy(a), copy(b)) // contiguous batches collapse to one
  const c = empty([...batch, m, n], 'f32', 'matmul')
  const padded = (list: readonly number[], fill: number) => [
    ...new Array(4 - list.length).fill(fill),
    ...list,
  ]
  const batches = sizeOf(batch)
  const tiles = Math.ceil(m / tile) * Math.ceil(n / tile)
  launch('matmul_register', {
    entry: 'main',
    params: {
      m,
      n,
      k,
      batches,
      batch_shape: padded(walk.shape, 1),
      a_batch: padded(walk.strides[0], 0),
      b_batch: padded(walk.strides[1], 0),
      a_offset: a.offset,
      a_row: a.strides.at(-2)!,
      a_column: a.strides.at(-1)!,
      b_offset: b.offset,
      b_row: b.strides.at(-2)!,
      b_column: b.strides.at(-1)!,
    },
    buffers: { A: a.storage.lease, B: b.storage.lease, C: c.storage.lease },
    workgroups: batches * tiles,
  })
  return c
}

const tile = 64
