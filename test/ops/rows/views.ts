/** Views, copies and conversions. */
import { bounds, part, permute, reshape, transpose, zip } from '../reference.js'
import { exact, on, type Rows, unary } from '../row.js'

// biome-ignore format: a table reads in columns
export const views: Rows<
  'permute' | 'transpose' | 'reshape' | 'flatten' | 'squeeze' | 'unsqueeze' | 'expand' | 'slice' | 'narrow' | 'select' | 'chunk' | 'contiguous' | 'detach' | 'to'
> = {
  permute: {
    f: permute,
    cases: [on([[]], []), on([[5, 7]], [1, 0]), on([[2, 3, 4]], [2, 0, -2]), on([[2, 3, 1, 2, 3, 2]], [5, 0, 3, 1, 4, 2])],
    ...exact,
  },
  transpose: {
    f: transpose,
    cases: [on([[5, 7]]), on([[2, 3, 4]], 0, 1), on([[2, 3, 4]], 0, -1), on([[0, 3]]), on([[257, 1]])],
    ...exact,
  },
  reshape: {
    f: reshape,
    cases: [
      on([[5, 7]], [7, 5]), on([[5, 7]], [-1]), on([[]], [1, 1]), on([[1]], []), on([[0, 3]], [3, 0, 2]),
      on([[4, 6]], [2, 2, -1, 2]), on([[2, 3, 1, 2, 3, 2]], [12, -1]),
    ],
    ...exact,
  },
  flatten: {
    f: (x, start = 0, end = -1) => {
      const [a, b] = [start, end].map(d => (d < 0 ? d + x.shape.length : d))
      return reshape(x, x.shape.length ? [...x.shape.slice(0, a), -1, ...x.shape.slice(b + 1)] : [1])
    },
    cases: [on([[]]), on([[5, 7]]), on([[2, 3, 4]], 1), on([[2, 3, 4]], 0, 1), on([[2, 3, 1, 2, 3, 2]], -5, -2)],
    ...exact,
  },
  squeeze: {
    f: (x, dim) => reshape(x, x.shape.filter((size, d) =>
      size !== 1 || (dim !== undefined && d !== (dim + x.shape.length) % x.shape.length))),
    cases: [on([[1, 5, 1, 7]]), on([[1, 5, 1, 7]], 0), on([[1, 5, 1, 7]], -2), on([[1, 5, 1, 7]], 1), on([[1]])],
    ...exact,
  },
  unsqueeze: {
    f: (x, dim) => reshape(x, x.shape.toSpliced(dim < 0 ? dim + x.shape.length + 1 : dim, 0, 1)),
    cases: [on([[]], 0), on([[5, 7]], 0), on([[5, 7]], 1), on([[5, 7]], -1), on([[5, 7]], -3)],
    ...exact,
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
    ...exact,
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
    ...exact,
  },
  narrow: {
    f: (x, dim, start, length) => part(x, dim, start < 0 ? start + x.shape.at(dim)! : start, length),
    cases: [on([[5, 7]], 0, 1, 3), on([[5, 7]], -1, -2, 2), on([[257]], 0, 1, 256), on([[5, 7]], 1, 3, 0)],
    ...exact,
  },
  select: {
    f: (x, dim, i) => {
      const y = part(x, dim, i < 0 ? i + x.shape.at(dim)! : i, 1)
      return reshape(y, x.shape.toSpliced(dim, 1))
    },
    cases: [on([[5, 7]], 0, 2), on([[5, 7]], 1, -1), on([[257]], 0, 256), on([[2, 3, 1, 2, 3, 2]], -2, 1)],
    ...exact,
  },
  chunk: {
    f: (x, chunks, dim = 0) => {
      const size = x.shape.at(dim)!
      const length = Math.ceil(size / chunks)
      const count = Math.ceil(size / length)
      return Array.from({ length: count }, (_, i) => part(x, dim, i * length, Math.min(length, size - i * length)))
    },
    cases: [on([[5, 7]], 2), on([[5, 7]], 3, 1), on([[5, 7]], 4, -2), on([[5, 7]], 9)],
    ...exact,
  },
  contiguous: unary(x => x, exact),
  detach: unary(x => x, { gradient: 'none', ...exact }),
  to: {
    f: (x, dtype) => zip(dtype === 'f32' ? v => v : dtype === 'bool' ? v => +(v !== 0) : Math.trunc, x),
    from: 'ties',
    cases: [on([[5, 7]], 'i32'), on([[257]], 'bool'), on([[5, 7]], 'f32'), on([[0]], 'i32'), on([[]], 'bool')],
    gradient: 'none', ...exact,
  },
}
