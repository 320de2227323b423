/** Strided elements moved: out of a buffer into a row, or from a row into a strided place. */
import { launch } from './launch.js'
import type { Lease } from './pool.js'

/** Where the elements of a view lie in its buffer; all in elements of 4 bytes. */
export interface Layout {
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly offset: number
}

/** to[at + i] = from[the i-th element of the layout]. The layout has at most 8 dimensions. */
export function gather(from: Lease, layout: Layout, to: Lease, at = 0): void {
  const n = layout.shape.reduce((product, size) => product * size, 1)
  launch('copy', {
    entry: 'main',
    constants: { RANK: layout.shape.length },
    params: {
      n,
      x_offset: layout.offset,
      y_offset: at,
      shape: layout.shape,
      strides: layout.strides,
    },
    buffers: { x: from, y: to },
    threads: n,
  })
}

/** to[the i-th element of the layout] = from[at + i]. No two elements of the layout may coincide. */
export function scatter(from: Lease, at: number, to: Lease, layout: Layout): void {
  const n = layout.shape.reduce((product, size) => product * size, 1)
  launch('scatter', {
    entry: 'main',
    constants: { RANK: layout.shape.length },
    params: {
      n,
      x_offset: at,
      y_offset: layout.offset,
      shape: layout.shape,
      strides: layout.strides,
    },
    buffers: { x: from, y: to },
    threads: n,
  })
}
