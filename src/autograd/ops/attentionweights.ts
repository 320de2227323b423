/** The weights of attention as one operation: scale, mask and softmax in one launch. */
import { attentionBackward, attentionForward } from '../../launches/attention.js'
import { broadcastShapes, sameShape } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { noGrad, record } from '../tape.js'
import { mul, sub } from './arithmetic.js'
import { expand, sumTo } from './expand.js'
import { matmul } from './matmul.js'
import { transpose } from './permute.js'
import { sum } from './sum.js'

export interface Scoring {
  /** The factor of the scores. */
  readonly scale: number
  /** f32: added to the scores. bool: which of them count. Broadcasts to [..., l, s]. */
  readonly mask?: Tensor | null
  /** Whether query i has the keys 0 to i only. */
  readonly isCausal?: boolean
}

/** y = softmax(scale · Q Kᵀ + mask).   Q [..., l, d]   K [..., s, d]   y [..., l, s] */
export function attentionWeights(query: Tensor, key: Tensor, scoring: Scoring): Tensor {
  const { scale, mask = null, isCausal = false } = scoring
  const op = 'attentionWeights'
  const scores = matmul(query, transpose(key))
  const shape = mask ? broadcastShapes(op, scores.shape, mask.shape) : scores.shape
  const x = sameShape(shape, scores.shape) ? scores : expand(scores, shape)
  const all = { scale, mask: mask && noGrad(() => expand(mask, shape)), isCausal }
  const y = attentionForward(op, x, all)
  // dz[i,j] = y[i,j] (dy[i,j] − Σₖ dy[i,k] y[i,k])
  const slope = (dy: Tensor) => mul(y, sub(dy, sum(mul(dy, y), -1, { keepdim: true })))
  return record(
    op,
    y,
    [
      [x, dy => mul(slope(dy), scale)],
      mask && [mask, mask.dtype === 'f32' ? dy => sumTo(slope(dy), mask.shape) : null],
    ],
    { shortcut: (dy, { wants }) => [wants(x) && attentionBackward(op, y, dy, all)] },
  )
}
