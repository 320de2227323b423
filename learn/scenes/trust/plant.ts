/** A bug planted in a rule of the engine: the tape is data, so its arrows can be bent. */
import { nodesBehind } from '../../../src/autograd/backward.js'
import { mul, neg } from '../../../src/autograd/ops/index.js'
import type { Arrow } from '../../../src/autograd/tape.js'
import { tensor, transpose } from '../../../src/index.js'
import type { Tensor } from '../../../src/tensor/tensor.js'

export type Kind = 'sign' | 'twice' | 'first' | 'transposed'

export interface Bug {
  /** The operation whose rule is wrong. */
  readonly op: string
  /** Which of its arrows. */
  readonly input: number
  readonly kind: Kind
}

export const kinds: Readonly<Record<Kind, string>> = {
  sign: 'a wrong sign',
  twice: 'a factor 2 too much',
  first: 'a sum over the first row only',
  transposed: 'a transpose too many',
}

/**
 * Bends one arrow of every record of the bug's operation behind y. Their shortcuts are taken away:
 * those are kernels that compute the right gradients without the arrows. Returns y.
 */
export function planted(y: Tensor, bug: Bug | null): Tensor {
  if (!bug) return y
  for (const node of nodesBehind('plant', y)) {
    if (node.op !== bug.op) continue
    node.edges = node.edges!.map((edge, i) =>
      edge?.[1] && i === bug.input ? [edge[0], bent(edge[1], bug.kind)] : edge,
    )
    node.extras = {}
  }
  return y
}

function bent(arrow: Arrow, kind: Kind): Arrow {
  switch (kind) {
    case 'sign':
      return dy => neg(arrow(dy))
    case 'twice':
      return dy => mul(arrow(dy), 2)
    case 'first':
      return dy => arrow(firstRow(dy))
    case 'transposed':
      return dy => {
        const dx = arrow(dy)
        const [rows, columns] = dx.shape.slice(-2)
        return dx.rank > 1 && rows === columns ? transpose(dx, -1, -2) : dx
      }
  }
}

/** dy with zeros in all but the first row. */
function firstRow(dy: Tensor): Tensor {
  if (dy.rank === 0) return dy
  const ones = Float32Array.from({ length: dy.shape[0] }, (_, i) => (i === 0 ? 1 : 0))
  return mul(dy, tensor(ones, { shape: [dy.shape[0], ...dy.shape.slice(1).map(() => 1)] }))
}
