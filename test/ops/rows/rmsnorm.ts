/** Normalization without a mean. */
import * as kg from '../../../src/index.js'
import { between, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { type Case, on, type Rows, via } from '../row.js'

type Tensor = kg.Tensor

/** w x / √(mean x² + ε), where a set has all elements whose first indices are equal. */
export function rmsNorm(
  x: Grid,
  shape: number | readonly number[],
  w?: Grid | null,
  eps = 2 ** -23,
): Grid {
  const count = [shape].flat().length
  const set = (i: number[]) => `${i.slice(0, -count)}`
  const squares = new Map<string, number[]>()
  fill(x.shape, i => {
    squares.set(set(i), [...(squares.get(set(i)) ?? []), at(x, i) ** 2])
    return 0
  })
  return fill(x.shape, i => {
    const all = squares.get(set(i))!
    const root = Math.sqrt(all.reduce((a, b) => a + b) / all.length + eps)
    return (at(x, i) / root) * (w ? at(w, i.slice(-count)) : 1)
  })
}

function normAtRandom(random: Random): Case {
  const dims = (most: number) =>
    Array.from({ length: between(random, 0, most) }, () => between(random, 1, 4))
  const shape = [...dims(2), between(random, 1, 9)]
  return on([[...dims(3), ...shape], sometimes(random) ? shape : null], shape, { eps: 1e-3 })
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'rmsNorm'> = {
  rmsNorm: via(
    (x: Tensor, weight: Tensor | null, shape: number | number[], options?: { eps?: number }) => kg.rmsNorm(x, shape, { weight, ...options }),
    (x, w, shape, options) => rmsNorm(x, shape, w, options?.eps),
    {
      cases: [
        on([[5, 7], [7]], 7), on([[2, 3, 4], [3, 4]], [3, 4]), on([[2, 3, 4], null], 4, { eps: 0.1 }), on([[257], null], 257), on([[0, 3], [3]], 3),
      ],
      generate: normAtRandom,
      from: ['nonzero', 'any'], tolerance: 'summed',
    },
  ),
}
