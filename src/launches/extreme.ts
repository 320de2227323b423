/** Launches of extreme.wgsl: the largest or smallest elements along a dimension. */
import { extremeKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { codeOf } from '../tensor/dtype.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'

export type Extreme = 'max' | 'min'

/** x as [outer, size, inner]. */
export interface Rows {
  readonly outer: number
  readonly size: number
  readonly inner: number
}

const longest = 4096 // elements that one invocation compares

/** y[o,i] = maxⱼ or minⱼ x[o,j,i], and where: at[o,i] = the first such j. */
export function extreme(
  op: string,
  which: Extreme,
  x: Tensor,
  rows: Rows,
): [y: Tensor, at: Tensor] {
  return pass(op, which, x, rows, 1)
}

/** y alone. Long rows are cut into parts, and a second pass compares the extremes of the parts. */
export function extremeValue(op: string, which: Extreme, x: Tensor, rows: Rows): Tensor {
  const parts = Math.max(1, Math.ceil(rows.size / longest))
  const [y] = pass(op, which, x, rows, parts)
  return parts === 1 ? y : extremeValue(op, which, y, { ...rows, size: parts })
}

/** y, at [outer, parts, inner] */
function pass(
  op: string,
  which: Extreme,
  x: Tensor,
  { outer, size, inner }: Rows,
  parts: number,
): [y: Tensor, at: Tensor] {
  const n = outer * parts * inner
  const [y, at] = [empty([n], x.dtype, op), empty([n], 'i32', op)]
  run(extremeKernel, {
    constants: { TYPE: codeOf[x.dtype], SMALLEST: which === 'min' },
    params: { n, size, inner, parts, part: Math.ceil(size / parts) },
    tensors: { x: compact(x), y, at },
    threads: n,
  })
  return [y, at]
}
