/** Strided elements moved: out of a buffer into a row, or from a row into a strided place. */
import { launch } from './launch.js'
import type { Lease } from './pool.js'

/** Where the elements of a view lie in its buffer; all in elements of 4 bytes, at most 8 dimensions. */
export interface Layout {
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly offset: number
}

/** to[start + i] = from[the i-th element of the layout] */
export function gather(from: Lease, layout: Layout, to: Lease, start = 0): void {
  move('gather', layout, start, from, to)
}

/** to[the i-th element of the layout] = from[start + i]. No two elements of the layout may coincide. */
export function scatter(from: Lease, start: number, to: Lease, layout: Layout): void {
  move('scatter', layout, start, from, to)
}

function move(
  entry: 'gather' | 'scatter',
  { shape, strides, offset }: Layout,
  start: number,
  x: Lease,
  y: Lease,
): void {
  const n = shape.reduce((product, size) => product * size, 1)
  launch('copy', {
    entry,
    constants: { RANK: shape.length },
    params: { n, start, offset, shape, strides },
    buffers: { x, y },
    threads: n,
  })
}
