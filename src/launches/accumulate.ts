/** How a gradient is added to another one. */
import { accumulateKernel } from '../kernels/wgsl.js'
import { aligned, assign } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import type { Tensor } from '../tensor/tensor.js'

/** y ← y + x, in place, so that a recorded step adds to what it finds. */
export function accumulate(y: Tensor, x: Tensor): void {
  const to = aligned(y)
  const n = Math.ceil(y.size / 4)
  run(accumulateKernel, { tensors: { x: aligned(x), y: to }, params: { n }, threads: n })
  if (to !== y) assign(y, to)
  y.storage.markChanged()
}
