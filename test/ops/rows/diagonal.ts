/** Diagonals of matrices, and matrices with a diagonal. */
import { between, shapeOf, size } from '../generate.js'
import { at, fill, type Grid } from '../reference.js'
import { moved, on, type Rows, whole } from '../row.js'

function diagonal(x: Grid, { offset = 0, dim1 = 0, dim2 = 1 } = {}): Grid {
  const rank = x.shape.length
  const [a, b] = [(dim1 + rank) % rank, (dim2 + rank) % rank]
  const [down, right] = [Math.max(0, -offset), Math.max(0, offset)]
  const others = [...x.shape.keys()].filter(d => d !== a && d !== b)
  const length = Math.max(0, Math.min(x.shape[a] - down, x.shape[b] - right))
  return fill([...others.map(d => x.shape[d]), length], index => {
    const i = index.at(-1)!
    return at(
      x,
      x.shape.map((_, d) => (d === a ? i + down : d === b ? i + right : index[others.indexOf(d)])),
    )
  })
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'diagonal' | 'diagEmbed' | 'trace'> = {
  diagonal: {
    f: diagonal,
    cases: [
      on([[5, 7]]), on([[5, 7]], { offset: 2 }), on([[5, 7]], { offset: -3 }), on([[7, 5]], { dim1: 1, dim2: 0 }), on([[0, 3]]),
      on([[2, 3, 4, 5]], { dim1: -1, dim2: 1, offset: 1 }), on([[5, 7]], { offset: 9 }), on([[33, 33]]),
    ],
    generate(random) {
      const shape = shapeOf(random, { rank: between(random, 2, 4) })
      const dim1 = between(random, 0, shape.length - 1)
      const dim2 = (dim1 + between(random, 1, shape.length - 1)) % shape.length
      return on([shape], { dim1, dim2, offset: between(random, -2, 2) })
    },
    ...moved,
  },
  diagEmbed: {
    f: (x, offset = 0) => {
      const n = x.shape.at(-1)! + Math.abs(offset)
      return fill([...x.shape.slice(0, -1), n, n], index => {
        const [i, j] = index.slice(-2)
        return j - i === offset ? at(x, [...index.slice(0, -2), Math.min(i, j)]) : 0
      })
    },
    cases: [on([[5]]), on([[2, 3]], 2), on([[2, 3]], -1), on([[0]]), on([[2, 0]], 1)],
    generate: random => on([[...shapeOf(random).slice(0, 2), size(random)]], between(random, -2, 2)),
    ...moved,
  },
  trace: {
    f: x => fill([], () => diagonal(x).data.reduce((a, b) => a + b, 0)),
    cases: [on([[5, 7]]), on([[7, 5]]), on([[1, 1]]), on([[0, 3]])],
    linear: true, ...whole,
  },
}
