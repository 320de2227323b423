/** How elementwise functions of one tensor are computed, and products with their derivatives. */
import { unaryCodes, unaryKernel } from '../kernels/wgsl.js'
import { aligned } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'

/** A function in the table of unary.wgsl, and its constants. */
export interface UnaryFunction {
  readonly code: keyof typeof unaryCodes
  readonly c0?: number
  readonly c1?: number
}

/** y[i] = f(x[i]) */
export function unary(op: string, x: Tensor, { code, c0 = 0, c1 = 0 }: UnaryFunction): Tensor {
  const y = empty(x.shape, 'f32', op)
  const n = Math.ceil(x.size / 4)
  run(unaryKernel, {
    entry: 'forward',
    constants: { OP: unaryCodes[code] },
    params: { n, c0, c1 },
    tensors: { x: aligned(x), y },
    threads: n,
  })
  return y
}

/** dx[i] = dy[i] · f′(s[i]), where s is x or y: see the table in unary.wgsl. */
export function unaryBackward(
  op: string,
  s: Tensor,
  dy: Tensor,
  { code, c0 = 0, c1 = 0 }: UnaryFunction,
): Tensor {
  const dx = empty(s.shape, 'f32', op)
  const n = Math.ceil(s.size / 4)
  run(unaryKernel, {
    entry: 'backward',
    constants: { OP: unaryCodes[code] },
    params: { n, c0, c1 },
    tensors: { x: aligned(s), dy: aligned(dy), y: dx },
    threads: n,
  })
  return dx
}
