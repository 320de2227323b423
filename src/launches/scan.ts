/** Launches of scan.wgsl: running sums along a dimension. */
import { scanKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { codeOf } from '../tensor/dtype.js'
import { run } from '../tensor/run.js'
import { sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import type { Rows } from './extreme.js'

const part = 256 // elements that one invocation adds up

/** The sums of all elements up to each along dim d; reversed, from each on. */
export function runningSums(op: string, x: Tensor, d: number, reverse: boolean): Tensor {
  const rows = {
    outer: sizeOf(x.shape.slice(0, d)),
    size: x.shape[d] ?? 1,
    inner: sizeOf(x.shape.slice(d + 1)),
  }
  const y = empty(x.shape, x.dtype, op)
  if (y.size > 0) scan(compact(x), y, rows, reverse)
  return y
}

function scan(x: Tensor, y: Tensor, { outer, size, inner }: Rows, reverse: boolean): void {
  const parts = Math.ceil(size / part)
  const [constants, totals] = [
    { TYPE: codeOf[x.dtype] },
    empty([outer, parts, inner], x.dtype, 'scan'),
  ]
  run(scanKernel, {
    entry: 'within',
    constants: { ...constants, REVERSE: reverse },
    params: { n: totals.size, size, inner, parts, part },
    tensors: { x, y, totals },
    threads: totals.size,
  })
  if (parts === 1) return
  const before = empty(totals.shape, x.dtype, 'scan')
  scan(totals, before, { outer, size: parts, inner }, false)
  run(scanKernel, {
    entry: 'shift',
    constants: { ...constants, REVERSE: reverse },
    params: { n: y.size, size, inner, parts, part },
    tensors: { before, y },
    threads: y.size,
  })
}
