/** The launch behind every elementwise function of two tensors. */
import { launch } from '../kernels/launch.js'
import { kernels } from '../kernels/wgsl.js'
import { codeOf } from '../tensor/dtype.js'
import { collapse } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'

type Code = Exclude<keyof typeof kernels.binary.codes, 'F32' | 'I32' | 'U32'>

/** y[i] = f(a[i], b[i]) for a and b of one shape and dtype; a comparison gives bools. Not recorded. */
export function binary(op: string, code: Code, a: Tensor, b: Tensor): Tensor {
  const comparison = kernels.binary.codes[code] >= kernels.binary.codes.EQUAL
  const y = empty(a.shape, comparison ? 'bool' : a.dtype, op)
  const walk = collapse(a.shape, [a.strides, b.strides])
  const [wayA, wayB] = [a, b].map((x, i) => wayThrough(x, walk.strides[i]))
  const dense = wayA !== 'strided' && wayB !== 'strided'
  const n = y.size
  const params = {
    n,
    a_offset: a.offset,
    b_offset: b.offset,
    shape: walk.shape,
    a_strides: walk.strides[0],
    b_strides: walk.strides[1],
  }
  const constants = { OP: kernels.binary.codes[code], TYPE: Math.min(codeOf[a.dtype], codeOf.u32) }
  const threads = Math.ceil(n / 4)
  const [from, to] = [[a, b].map(x => x.storage.lease), y.storage.lease]
  if (!dense) {
    launch('binary', {
      entry: 'strided',
      constants: {
        ...constants,
        RANK: walk.shape.length,
        WHOLE_ROWS: walk.shape.at(-1)! % 4 === 0,
      },
      params,
      buffers: { a: from[0], b: from[1], y: to },
      threads,
    })
    return y
  }
  launch('binary', {
    entry: 'dense',
    constants: {
      ...constants,
      A_IS_ONE_VALUE: wayA === 'one value',
      B_IS_ONE_VALUE: wayB === 'one value',
    },
    params,
    buffers: { a_dense: from[0], b_dense: from[1], y: to },
    threads,
  })
  return y
}

function wayThrough(x: Tensor, strides: readonly number[]): 'one value' | 'straight' | 'strided' {
  if (strides.every(stride => stride === 0)) return 'one value'
  return strides.length === 1 && strides[0] === 1 && x.offset % 4 === 0 ? 'straight' : 'strided'
}
