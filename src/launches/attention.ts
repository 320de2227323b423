/** How the weights of attention and their gradient are computed. */
import { attentionCodes, attentionKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { collapsed } from '../tensor/layout.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { areRowsShared, rowwise } from './rowwise.js'

/** What happens to scores [..., queries, keys] before their softmax. */
export interface Scoring {
  readonly scale: number
  /** Of the shape of the scores: f32 is added, bool says which count. */
  readonly mask: Tensor | null
  /** Whether query i has the keys 0 to i only. */
  readonly isCausal: boolean
}

/** y = softmax(scale · x + mask) along the keys. */
export function attentionForward(
  op: string,
  x: Tensor,
  scoring: Scoring,
  together = areRowsShared(x.shape.at(-1)!),
): Tensor {
  const { mask, isCausal, scale } = scoring
  const result = empty(x.shape, 'f32', op)
  const [shape, strides] = [x.shape.slice(0, -1), mask?.strides.slice(0, -1) ?? []]
  const rows = mask ? collapsed({ shape, strides }) : { shape: [1], strides: [0] }
  const source = compact(x)
  const { TOGETHER, workgroups } = rowwise(rowsOf(x), together)
  run(attentionKernel, {
    entry: 'forward',
    constants: {
      MASK: attentionCodes[mask ? (mask.dtype === 'bool' ? 'TRUTH' : 'ADDED') : 'NONE'],
      CAUSAL: isCausal,
      TOGETHER,
      RANK: rows.shape.length,
    },
    tensors: { source, mask: mask ?? source, result },
    params: {
      ...sizesOf(x, scale),
      mask_key: mask?.strides.at(-1) ?? 0,
      mask_shape: rows.shape,
      mask_strides: rows.strides,
    },
    workgroups,
  })
  return result
}

/** dx from y and dy. */
export function attentionBackward(
  op: string,
  y: Tensor,
  dy: Tensor,
  scoring: Scoring,
  together = areRowsShared(y.shape.at(-1)!),
): Tensor {
  const result = empty(y.shape, 'f32', op)
  const { TOGETHER, workgroups } = rowwise(rowsOf(y), together)
  run(attentionKernel, {
    entry: 'backward',
    constants: { CAUSAL: scoring.isCausal, TOGETHER },
    tensors: { source: compact(y), dy: compact(dy), result },
    params: sizesOf(y, scoring.scale),
    workgroups,
  })
  return result
}

function sizesOf(x: Tensor, scale: number) {
  const [queries, keys] = x.shape.slice(-2)
  return { rows: rowsOf(x), queries, keys, scale }
}

function rowsOf({ shape, size }: Tensor): number {
  return size === 0 ? 0 : size / shape.at(-1)!
}
