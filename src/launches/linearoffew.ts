/** How a fully connected layer is computed for few rows, where reading its weights is all. */
import { linearFewKernel } from '../kernels/wgsl.js'
import { aligned } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { areRowsShared, rowwise } from './rowwise.js'

/**
 * y[n,o] = f(Σᵢ x[n,i] W[o,i] + b[o]) for up to four rows.   x [rows, inputs]   b [outputs]
 *
 * W is [outputs, inputs] f32, or [outputs, words] u32, packed halves. `together` is given by tests
 * alone.
 */
export function linearOfFew(
  x: Tensor,
  W: Tensor,
  bias: Tensor | null,
  activation: number,
  together?: boolean,
): Tensor {
  const [rows, inputs] = x.shape
  const [outputs] = W.shape
  const y = empty([rows, outputs], 'f32', 'linear')
  const [A, B, b] = [aligned(x), aligned(W), bias && aligned(bias)]
  const { TOGETHER, workgroups } = rowwise(rows && outputs, together ?? areRowsShared(inputs / 4))
  run(linearFewKernel, {
    constants: {
      HALF: W.dtype === 'u32',
      BIAS: b !== null,
      ACTIVATION: activation,
      VECTORS: inputs % 4 === 0,
      TOGETHER,
      ROWS: rows,
    },
    params: { n: outputs, k: inputs },
    tensors: { A, A4: A, B, B4: B, W: B, bias: b ?? A, C: y },
    workgroups,
  })
  return y
}
