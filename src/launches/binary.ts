/** Launches of binary.wgsl: elementwise functions of two tensors. */
import { binaryCodes, binaryKernel } from '../kernels/wgsl.js'
import { codeOf } from '../tensor/dtype.js'
import { run } from '../tensor/run.js'
import { collapse } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'

type Code = Exclude<keyof typeof binaryCodes, 'F32' | 'I32' | 'U32'>

/** y[i] = f(a[i], b[i]) for a and b of one shape and dtype; comparisons give bools. */
export function binary(op: string, code: Code, a: Tensor, b: Tensor): Tensor {
  const y = empty(a.shape, binaryCodes[code] >= binaryCodes.EQUAL ? 'bool' : a.dtype, op)
  const { shape, strides } = collapse(a.shape, [a.strides, b.strides])
  const [aIsOne, bIsOne] = strides.map(list => list.every(stride => stride === 0))
  const [aIsRow, bIsRow] = [a, b].map(
    ({ offset }, i) => shape.length === 1 && strides[i][0] === 1 && offset % 4 === 0,
  )
  const [n, threads] = [y.size, Math.ceil(y.size / 4)]
  const constants = { OP: binaryCodes[code], TYPE: Math.min(codeOf[a.dtype], codeOf.u32) }
  if ((aIsOne || aIsRow) && (bIsOne || bIsRow))
    run(binaryKernel, {
      entry: 'dense',
      constants: { ...constants, A_IS_ONE_VALUE: aIsOne, B_IS_ONE_VALUE: bIsOne },
      params: { n, a_offset: a.offset, b_offset: b.offset },
      tensors: { a_dense: a, b_dense: b, y },
      threads,
    })
  else
    run(binaryKernel, {
      entry: 'strided',
      constants: { ...constants, RANK: shape.length, WHOLE_ROWS: shape.at(-1)! % 4 === 0 },
      params: { n, shape, a_strides: strides[0], b_strides: strides[1] },
      tensors: { a, b, y },
      threads,
    })
  return y
}
