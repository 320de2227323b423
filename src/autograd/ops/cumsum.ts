/** Running sums; the gradient is a running sum from the other end. */
import { check } from '../../kernels/check.js'
import { runningSums } from '../../launches/scan.js'
import { checkTensor } from '../../tensor/arguments.js'
import { dimOf, show } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { record } from '../tape.js'

/** y[…, j, …] = Σ x[…, k, …] over the k ≤ j, along a dimension. @throws Error for a bool */
export function cumsum(x: Tensor, dim: number): Tensor {
  checkTensor('cumsum', x)
  check(
    x.dtype !== 'bool',
    () => `cumsum: ${show(x.shape)} is bool; count its true values with to('i32').cumsum(dim)`,
  )
  return running(x, dimOf('cumsum', dim, x.rank), false)
}

/** dx[k] = Σ dy[j] over the j ≥ k: the same with the order reversed, and so on. */
function running(x: Tensor, d: number, reverse: boolean): Tensor {
  const y = runningSums('cumsum', x, d, reverse)
  return record('cumsum', y, [[x, dy => running(dy, d, !reverse)]])
}
