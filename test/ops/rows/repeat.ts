/** Copies of a tensor, one after the other. */
import { between, shapeOf } from '../generate.js'
import { at, fill, type Grid } from '../reference.js'
import { on, type Rows, whole } from '../row.js'

function repeated(x: Grid, repeats: readonly number[]): Grid {
  const sizes = [...repeats.slice(x.shape.length).fill(1), ...x.shape]
  const within = (i: number[]) => i.slice(-x.shape.length).map((k, d) => k % x.shape[d])
  return fill(
    sizes.map((size, d) => size * repeats[d]),
    i => at(x, x.shape.length ? within(i) : []),
  )
}

const moves = { linear: true, ...whole } as const // its gradient adds up

// biome-ignore format: a table reads in columns
export const rows: Rows<'repeat' | 'tile'> = {
  repeat: {
    f: repeated,
    cases: [
      on([[5, 7]], [2, 3]), on([[3]], [2, 2]), on([[]], [3]), on([[]], []), on([[257]], [1]), on([[5, 7]], [1, 1, 2]),
      on([[5, 1]], [1, 4]), on([[2, 3]], [0, 2]), on([[0, 3]], [2, 1]), on([[2, 3, 2, 2]], [2, 1, 3, 2]),
    ],
    generate(random) {
      const shape = shapeOf(random).slice(0, 4)
      return on([shape], Array.from({ length: shape.length + between(random, 0, 1) }, () => between(random, 1, 3)))
    },
    ...moves,
  },
  tile: {
    f: (x, repeats) => repeated(x, [...Array(Math.max(0, x.shape.length - repeats.length)).fill(1), ...repeats]),
    cases: [on([[5, 7]], [3]), on([[3]], [2, 2]), on([[2, 3, 4]], [2, 1])],
    ...moves,
  },
}
