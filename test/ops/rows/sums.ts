/** Sums and means. */
import { reduce, sumTo } from '../reference.js'
import { alone, on, type Rows, whole } from '../row.js'

// biome-ignore format: a table reads in columns
export const sums: Rows<
  'sum' | 'mean' | 'sumTo'
> = {
  sum: {
    f: (x, dims, { keepdim } = {}) => reduce(x, dims, keepdim, () => 1),
    cases: [
      ...alone,                  on([[5, 7]], 0),           on([[5, 7]], -1, { keepdim: true }), on([[5, 7]], [1, 0]),
      on([[2, 3, 4]], 1),        on([[2, 3, 4]], [0, -1]),  on([[2, 3, 1, 2, 3, 2]], [5, 1, 3]), on([[0, 3]], 0),
      on([[5000]]),              on([[2, 4099]], 1),        on([[300, 70]], 0),                  on([[70, 1030]], 0),
    ],
    tolerance: 'summed', whole: true,
  },
  mean: {
    f: (x, dims, { keepdim } = {}) => reduce(x, dims, keepdim, n => n),
    cases: [
      on([[]]),                  on([[257]]),               on([[5, 7]], -1, { keepdim: true }), on([[5, 7]], 0),
      on([[2, 3, 4]], [0, -1]),  on([[5000]]),              on([[300, 70]], 0),                  on([[3, 0]], 0),
    ],
    tolerance: 'summed',
  },
  sumTo: {
    f: sumTo,
    cases: [
      on([[5, 7]], [7]),  on([[5, 7]], [5, 1]),  on([[5, 7]], []), on([[5, 7]], [5, 7]), on([[5, 7]], [1, 1]),
      on([[257]], [1]),   on([[0, 3]], [1, 3]),  on([[2, 3, 4, 2, 2, 2]], [3, 1, 2, 1, 2]),
    ],
    ...whole,
  },
}
