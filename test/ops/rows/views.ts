/** Views, copies and conversions. */
import { between, broadcastable, dimOf, oneOf, shapeOf, shuffled, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { bounds, part, permute, reshape, transpose, zip } from '../reference.js'
import { exact, on, type Rows, unary } from '../row.js'

/** A shape that has a dim to speak of. */
const some = (random: Random) => shapeOf(random, { rank: between(random, 1, 5) })

const moved = { linear: true, ...exact } as const

// biome-ignore format: a table reads in columns
export const views: Rows<
  'permute' | 'transpose' | 'reshape' | 'flatten' | 'squeeze' | 'unsqueeze' | 'expand' | 'slice' | 'narrow' | 'select' | 'chunk' | 'contiguous' | 'detach' | 'to'
> = {
  permute: {
    f: permute,
    cases: [on([[]], []), on([[5, 7]], [1, 0]), on([[2, 3, 4]], [2, 0, -2]), on([[2, 3, 1, 2, 3, 2]], [5, 0, 3, 1, 4, 2])],
    generate(random) {
      const shape = shapeOf(random)
      const dims = shuffled(random, [...shape.keys()])
      return on([shape], dims.map(d => (sometimes(random, 0.3) ? d - shape.length : d)))
    },
    ...moved,
  },
  transpose: {
    f: transpose,
    cases: [on([[5, 7]]), on([[2, 3, 4]], 0, 1), on([[2, 3, 4]], 0, -1), on([[0, 3]]), on([[257, 1]])],
    generate(random) {
      const shape = some(random)
      return on([shape], dimOf(random, shape), dimOf(random, shape))
    },
    ...moved,
  },
  reshape: {
    f: reshape,
    cases: [
      on([[5, 7]], [7, 5]), on([[5, 7]], [-1]), on([[]], [1, 1]), on([[1]], []), on([[0, 3]], [3, 0, 2]),
      on([[4, 6]], [2, 2, -1, 2]), on([[2, 3, 1, 2, 3, 2]], [12, -1]),
    ],
    generate(random) { // neighbours joined, ones put in, a size left open
      const shape = some(random)
      const at = between(random, 0, shape.length - 1)
      const joined = [...shape.slice(0, at), shape.slice(at, at + 2).reduce((a, b) => a * b), ...shape.slice(at + 2)]
      const to = sometimes(random) ? joined.toSpliced(between(random, 0, joined.length), 0, 1) : joined
      const open = between(random, 0, to.length - 1)
      return on([shape], sometimes(random) && !shape.includes(0) ? to.with(open, -1) : to)
    },
    ...moved,
  },
  flatten: {
    f: (x, start = 0, end = -1) => {
      const [a, b] = [start, end].map(d => (d < 0 ? d + x.shape.length : d))
      const joined = x.shape.slice(a, b + 1).reduce((product, size) => product * size, 1)
      return reshape(x, x.shape.length ? [...x.shape.slice(0, a), joined, ...x.shape.slice(b + 1)] : [1])
    },
    cases: [on([[]]), on([[5, 7]]), on([[2, 3, 4]], 1), on([[2, 3, 4]], 0, 1), on([[2, 3, 1, 2, 3, 2]], -5, -2)],
    generate(random) {
      const shape = some(random)
      const from = between(random, 0, shape.length - 1)
      const to = between(random, from, shape.length - 1)
      return on([shape], from, sometimes(random) ? to - shape.length : to)
    },
    ...moved,
  },
  squeeze: {
    f: (x, dim) => reshape(x, x.shape.filter((size, d) =>
      size !== 1 || (dim !== undefined && d !== (dim + x.shape.length) % x.shape.length))),
    cases: [on([[1, 5, 1, 7]]), on([[1, 5, 1, 7]], 0), on([[1, 5, 1, 7]], -2), on([[1, 5, 1, 7]], 1), on([[1]])],
    generate(random) {
      const shape = broadcastable(random, some(random))
      return shape.length && sometimes(random, 0.7) ? on([shape], dimOf(random, shape)) : on([shape])
    },
    ...moved,
  },
  unsqueeze: {
    f: (x, dim) => reshape(x, x.shape.toSpliced(dim < 0 ? dim + x.shape.length + 1 : dim, 0, 1)),
    cases: [on([[]], 0), on([[5, 7]], 0), on([[5, 7]], 1), on([[5, 7]], -1), on([[5, 7]], -3)],
    generate(random) {
      const shape = shapeOf(random, { rank: between(random, 0, 5) })
      return on([shape], dimOf(random, [...shape, 1]))
    },
    ...moved,
  },
  expand: {
    f: (x, shape) => {
      const to = shape.map((size, d) => (size < 0 ? x.shape[d - shape.length + x.shape.length] : size))
      return zip((_, v) => v, { shape: to, data: new Float64Array(to.reduce((n, size) => n * size, 1)) }, x)
    },
    cases: [
      on([[5, 1]], [5, 7]), on([[7]], [5, 7]), on([[]], [2, 3]), on([[5, 1]], [-1, 7]), on([[1, 5, 1]], [2, 5, 3]),
      on([[1]], [257]),     on([[1, 3]], [0, 3]), on([[3, 1, 2, 1, 2]], [2, 3, 4, 2, 2, 2]),
    ],
    generate(random) {
      const shape = shapeOf(random)
      const from = broadcastable(random, shape)
      const kept = shape.length - from.length
      return on([from], shape.map((size, d) => (from[d - kept] === size && sometimes(random, 0.3) ? -1 : size)))
    },
    ...moved,
  },
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
      const shape = some(random)
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
      const shape = some(random)
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
  },
  contiguous: unary(x => x, moved),
  detach: unary(x => x, { gradient: 'none', ...exact }),
  to: {
    f: (x, dtype) => zip(dtype === 'f32' ? v => v : dtype === 'bool' ? v => +(v !== 0) : Math.trunc, x),
    from: 'ties',
    cases: [on([[5, 7]], 'i32'), on([[257]], 'bool'), on([[5, 7]], 'f32'), on([[0]], 'i32'), on([[]], 'bool')],
    generate: random => on([shapeOf(random)], oneOf(random, ['f32', 'i32', 'bool'])),
    gradient: 'none', ...exact,
  },
}
