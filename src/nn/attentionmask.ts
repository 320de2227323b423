/** What may not be looked at: the masks of attention as one, which is added to the scores. */
import { add } from '../autograd/ops/arithmetic.js'
import { reshape } from '../autograd/ops/reshape.js'
import { where } from '../autograd/ops/where.js'
import { check } from '../kernels/check.js'
import { checkTensor, described } from '../tensor/arguments.js'
import { type Shape, sameShape, show } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

export interface MaskOptions {
  /**
   * [l, s], or [n · heads, l, s] for each head of each sample. bool: true where a query may not
   * look at a key, as in PyTorch's layer; f32: added to the scores.
   */
  attnMask?: Tensor | null
  /** [n, s], without batch [s]. bool: true where a key is padding; f32: added to the scores. */
  keyPaddingMask?: Tensor | null
  /** Whether query i may look at keys 0 to i only; false by default. */
  isCausal?: boolean
}

export const maskOptions = ['attnMask', 'keyPaddingMask', 'isCausal'] as const

/** Both masks together, for scores [n, heads, l, s]. @throws Error when a mask does not fit */
export function maskOf(op: string, scores: Shape, options: MaskOptions): Tensor | null {
  const { attnMask: own, keyPaddingMask: padding, isCausal = false } = options
  check(
    typeof isCausal === 'boolean',
    () => `${op}: isCausal is ${described(isCausal)}; it must be true or false`,
  )
  const [n, heads, l, s] = scores
  if (own)
    checkMask(op, 'attnMask', own, [
      [l, s],
      [n * heads, l, s],
    ])
  if (padding) checkMask(op, 'keyPaddingMask', padding, n === 1 ? [[n, s], [s]] : [[n, s]])
  const masks = [
    own && added(own.rank === 2 ? own : reshape(own, scores)),
    padding && added(reshape(padding, [n, 1, 1, s])),
  ].filter(mask => !!mask)
  return masks.length > 0 ? masks.reduce((a, b) => add(a, b)) : null
}

/** 0 or −∞ for a mask of truth values. */
function added(mask: Tensor): Tensor {
  return mask.dtype === 'bool' ? where(mask, -Infinity, 0) : mask
}

function checkMask(op: string, name: string, mask: Tensor, shapes: readonly number[][]): void {
  checkTensor(op, mask)
  check(
    (mask.dtype === 'bool' || mask.dtype === 'f32') && shapes.some(to => sameShape(mask.shape, to)),
    () =>
      `${op}: ${name} is ${show(mask.shape)} ${mask.dtype}; ` +
      `it must be bool or f32 of ${shapes.map(show).join(' or ')}`,
  )
}
