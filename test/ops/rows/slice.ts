/** Parts of a tensor. */
import { between, dimOf, oneOf, shapeOf, shapeWithDims, sometimes } from '../generate.js'
import { bounds, part, reshape } from '../reference.js'
import { moved, on, type Rows } from '../row.js'

// biome-ignore format: a table reads in columns
export const rows: Rows<'slice' | 'narrow' | 'select' | 'chunk' | 'split' | 'unbind'> = {
  slice: {
    f: (x, dim, { start, stop, step = 1 }) => {
      const [from, length] = bounds(x.shape.at(dim)!, start ?? undefined, stop ?? undefined, step)
      return part(x, dim, from, length, step)
    },
    cases: [
      on([[5, 7]], 0, { start: 1, stop: 4 }), on([[5, 7]], 1, { start: 1, step: 2 }), on([[5, 7]], -1, { stop: -2, step: 3 }),
      on([[257]], 0, { start: -256 }),        on([[5, 7]], 0, { start: 3, stop: 3 }), on([[5, 7]], 1, { start: -99, stop: 99 }),
      on([[5, 7]], 0, {}),                    on([[2, 3, 1, 2, 3, 2]], 4, { start: 1, step: 2 }),
    ],
    generate(random) {
      const shape = shapeWithDims(random)
      const dim = dimOf(random, shape)
      const bound = () => oneOf(random, [undefined, between(random, -9, 9), between(random, 0, shape.at(dim)!)])
      return on([shape], dim, { start: bound(), stop: bound(), step: oneOf(random, [1, 1, 2, 3, 7]) })
    },
    ...moved,
  },
  narrow: {
    f: (x, dim, start, length) => part(x, dim, start < 0 ? start + x.shape.at(dim)! : start, length),
    cases: [on([[5, 7]], 0, 1, 3), on([[5, 7]], -1, -2, 2), on([[257]], 0, 1, 256), on([[5, 7]], 1, 3, 0)],
    generate(random) {
      const shape = shapeWithDims(random)
      const dim = dimOf(random, shape)
      const size = shape.at(dim)!
      const start = between(random, 0, Math.max(0, size - 1))
      return on([shape], dim, start && sometimes(random, 0.3) ? start - size : start, between(random, 0, size - start))
    },
    ...moved,
  },
  select: {
    f: (x, dim, i) => {
      const y = part(x, dim, i < 0 ? i + x.shape.at(dim)! : i, 1)
      return reshape(y, x.shape.toSpliced(dim, 1))
    },
    cases: [on([[5, 7]], 0, 2), on([[5, 7]], 1, -1), on([[257]], 0, 256), on([[2, 3, 1, 2, 3, 2]], -2, 1)],
    generate(random) {
      const shape = shapeOf(random, { rank: between(random, 1, 5), empty: false })
      const dim = dimOf(random, shape)
      return on([shape], dim, dimOf(random, { length: shape.at(dim)! }))
    },
    ...moved,
  },
  chunk: {
    f: (x, chunks, dim = 0) => {
      const size = x.shape.at(dim)!
      const length = Math.ceil(size / chunks)
      const count = Math.ceil(size / length)
      return Array.from({ length: count }, (_, i) => part(x, dim, i * length, Math.min(length, size - i * length)))
    },
    cases: [on([[5, 7]], 2), on([[5, 7]], 3, 1), on([[5, 7]], 4, -2), on([[5, 7]], 9)],
    generate(random) {
      const shape = shapeOf(random, { rank: between(random, 1, 5), empty: false })
      return on([shape], between(random, 1, 6), dimOf(random, shape))
    },
    ...moved,
  },  split: {
    f: (x, sizes, dim = 0) => {
      const size = x.shape.at(dim)!
      const each = sizes as number
      const list = Array.isArray(sizes) ? sizes : Array.from({ length: Math.max(1, Math.ceil(size / each)) }, (_, i) => Math.min(each, size - i * each))
      return list.map((length, i) => part(x, dim, list.slice(0, i).reduce((a, b) => a + b, 0), length))
    },
    cases: [on([[5, 7]], 2), on([[5, 7]], [3, 0, 4], 1), on([[5, 7]], 9, -1), on([[0, 3]], 2), on([[257]], [1, 256])],
    generate(random) {
      const shape = shapeOf(random, { rank: between(random, 1, 5), empty: false })
      return on([shape], between(random, 1, 6), dimOf(random, shape))
    },
    ...moved,
  },
  unbind: {
    f: (x, dim = 0) => Array.from({ length: x.shape.at(dim)! }, (_, i) => reshape(part(x, dim, i, 1), x.shape.toSpliced(dim, 1))),
    cases: [on([[5, 7]]), on([[5, 7]], -1), on([[3]]), on([[0, 3]], 1)],
    ...moved,
  },
}
