/** The operands of ops: tensors, or numbers in place of tensors. */
import { check } from '../../kernels/check.js'
import { checkTensor, described } from '../../tensor/arguments.js'
import { constant } from '../../tensor/constant.js'
import type { DType } from '../../tensor/dtype.js'
import { broadcastShapes, sameShape, show } from '../../tensor/shape.js'
import { Tensor } from '../../tensor/tensor.js'
import { checkHeld } from '../../tensor/whole.js'
import { expand } from './expand.js'

export type Operand = Tensor | number

/**
 * Two operands as tensors of one dtype and one shape, broadcast without a copy.
 * @throws Error when dtypes differ or shapes do not broadcast
 */
export function broadcast(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  const [x, y] = tensors(op, a, b)
  if (sameShape(x.shape, y.shape)) return [x, y]
  const shape = broadcastShapes(op, x.shape, y.shape)
  return [expand(x, shape), expand(y, shape)]
}

/** @throws Error unless x is f32 */
export function checkFloat(op: string, ...xs: Tensor[]): void {
  checkTensor(op, ...xs)
  for (const x of xs) {
    check(
      x.dtype === 'f32',
      () =>
        `${op}: the tensor is ${show(x.shape)} ${x.dtype}; it must be f32: convert with to('f32')`,
    )
  }
}

function tensors(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  if (a instanceof Tensor && b instanceof Tensor) {
    check(
      a.dtype === b.dtype,
      () =>
        `${op}: ${show(a.shape)} is ${a.dtype} and ${show(b.shape)} is ${b.dtype}; convert one, ` +
        "for example with to('f32')",
    )
    return [a, b]
  }
  if (a instanceof Tensor) return [a, numberAs(op, b as number, a.dtype)]
  check(
    b instanceof Tensor,
    () => `${op}: got ${described(a)} and ${described(b)}; one of them must be a tensor`,
  )
  return [numberAs(op, a, b.dtype), b]
}

/** A number as a tensor. @throws Error when the dtype cannot hold it */
export function numberAs(op: string, value: number, dtype: DType): Tensor {
  check(
    typeof value === 'number',
    () => `${op}: got ${described(value)}; operands are tensors or numbers`,
  )
  check(
    dtype === 'f32' || Number.isInteger(value),
    () =>
      `${op}: ${value} with a tensor of ${dtype}; the number must be whole, or convert the ` +
      "tensor with to('f32')",
  )
  checkHeld(op, [value], dtype)
  return constant(value, dtype)
}
