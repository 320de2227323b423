/** Attention. */

import * as kg from '../../../src/index.js'
import { between, oneOf, sometimes } from '../generate.js'
import { at, fill, type Grid, matmul, transpose, zip } from '../reference.js'
import { curved, on, type Rows, via } from '../row.js'
import { alongDim } from './softmax.js'

type Options = { isCausal?: boolean; scale?: number } | undefined

export const shares = (x: Grid) => {
  const most = alongDim(x, -1, v => Math.max(...v))
  const powers = fill(x.shape, i => Math.exp(at(x, i) - at(most, i.slice(0, -1))))
  const sums = alongDim(powers, -1, v => v.reduce((a, b) => a + b, 0))
  return fill(x.shape, i => at(powers, i) / at(sums, i.slice(0, -1)))
}

export function attention(
  q: Grid,
  k: Grid,
  v: Grid,
  mask: Grid | null,
  options: Options,
  isBool: boolean,
) {
  const { isCausal = false, scale = 1 / Math.sqrt(q.shape.at(-1)!) } = options ?? {}
  const plain = zip(s => s * scale, matmul(q, transpose(k)))
  const causal = fill(plain.shape, i =>
    isCausal && i.at(-1)! > i.at(-2)! ? -Infinity : at(plain, i),
  )
  const scores = !mask
    ? causal
    : zip((s, m) => (isBool ? (m ? s : -Infinity) : s + m), causal, mask)
  return matmul(shares(scores), v)
}

type Tensor = kg.Tensor

// biome-ignore format: a table reads in columns
export const rows: Rows<'scaledDotProductAttention'> = {
  scaledDotProductAttention: via(
    (q: Tensor, k: Tensor, v: Tensor, mask: Tensor | null, options?: Options) => kg.scaledDotProductAttention(q, k, v, { ...options, mask }),
    ((q: Grid, k: Grid, v: Grid, mask: Grid | null, options: Options) =>
      attention(q, k, v, mask, options, false)) as never,
    {
      cases: [
        on([[5, 4], [7, 4], [7, 3], null]), on([[2, 3, 5, 4], [2, 3, 7, 4], [2, 3, 7, 3], null]), on([[6, 4], [6, 4], [6, 3], null], { isCausal: true }),
        on([[2, 5, 4], [2, 7, 4], [2, 7, 3], [5, 7]]), on([[3, 1], [2, 1], [2, 1], null], { scale: 2 }), on([[5, 4], [3, 4], [3, 2], null], { isCausal: true }),
        on([[2, 3, 4], [2, 70, 4], [2, 70, 1], [2, 1, 70]]), on([[3, 4], [5, 4], [5, 2], [2, 3, 5]]), on([[2, 70, 3], [2, 70, 3], [2, 70, 1], null], { isCausal: true }),
      ],
      generate(random) {
        const [l, s, d, v] = Array.from({ length: 4 }, () => between(random, 1, 6))
        const batch = sometimes(random) ? [between(random, 1, 3)] : []
        const masked = sometimes(random, 0.3)
        return on([[...batch, l, d], [...batch, s, d], [...batch, s, v], masked ? [l, s] : null], { isCausal: !masked && sometimes(random), scale: oneOf(random, [undefined, 0.5]) })
      },
      linear: [[2]], ...curved,
    },
  ),
}
