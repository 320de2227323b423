/** Elements put around a tensor. */
import { between, oneOf, shapeOf } from '../generate.js'
import { at, fill, type Grid } from '../reference.js'
import { type Case, on, type Rows, whole } from '../row.js'

type Options = { mode?: string; value?: number } | undefined

/** Where element i of the padded row comes from; −1: nowhere. */
const origins: Record<string, (i: number, n: number) => number> = {
  constant: (i, n) => (i >= 0 && i < n ? i : -1),
  reflect: (i, n) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i),
  replicate: (i, n) => Math.min(Math.max(i, 0), n - 1),
  circular: (i, n) => ((i % n) + n) % n,
}

/** Numbers below 0 cut off first. */
function padded(
  x: Grid,
  padding: readonly number[],
  { mode = 'constant', value = 0 }: Options = {},
) {
  const rank = x.shape.length
  const edge = (d: number, side: 0 | 1) => padding[2 * (rank - 1 - d) + side] ?? 0
  const start = x.shape.map((_, d) => Math.max(0, -edge(d, 0)))
  const left = x.shape.map((n, d) => n - start[d] - Math.max(0, -edge(d, 1)))
  const shape = left.map((n, d) => Math.max(0, edge(d, 0)) + n + Math.max(0, edge(d, 1)))
  return fill(shape, index => {
    const from = index.map((i, d) => origins[mode](i - Math.max(0, edge(d, 0)), left[d]))
    return from.includes(-1)
      ? value
      : at(
          x,
          from.map((i, d) => i + start[d]),
        )
  })
}

/** With another value than 0 it is affine. */
const affine = (c: Case): Case => ({ ...c, linear: false })

// biome-ignore format: a table reads in columns
export const rows: Rows<'pad'> = {
  pad: {
    f: padded as never,
    cases: [
      on([[5, 7]], [1, 2]), on([[5, 7]], [0, 3, 2, 0]), affine(on([[257]], [1, 1], { value: 3 })), on([[5, 7]], []), on([[]], []),
      on([[0, 3]], [0, 0, 2, 0]), on([[5, 7]], [-1, 2, 3, -2]), on([[2, 3, 1, 2, 3, 2]], [1, 0, 0, 1, 0, 0, 2, 1]),
      on([[5, 7]], [2, 3, 1, 4], { mode: 'reflect' }), on([[5, 7]], [2, 9, 1, 0], { mode: 'replicate' }),
      on([[5, 7]], [7, 2, 0, 5], { mode: 'circular' }), on([[5, 7]], [-1, 2], { mode: 'reflect' }), on([[1, 1]], [2, 1], { mode: 'replicate' }),
    ],
    generate(random) {
      const shape = shapeOf(random, { empty: false }).slice(0, 4)
      const mode = oneOf(random, ['constant', 'constant', 'reflect', 'replicate', 'circular'])
      const least = shape.length ? Math.min(...shape) : 0
      const most = mode === 'reflect' ? least - 1 : mode === 'circular' ? least : 3
      const low = mode === 'constant' ? -Math.floor(least / 2) : 0
      const padding = shape.flatMap(() => [between(random, low, most), between(random, low, most)])
      return on([shape], padding.slice(0, 2 * between(random, 0, shape.length)), { mode })
    },
    linear: true, ...whole,
  },
}
