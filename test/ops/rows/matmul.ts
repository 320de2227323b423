/** Matrix products. */
import { few, oneOf, size, sometimes, together } from '../generate.js'
import { matmul } from '../reference.js'
import { ofTerms, on, type Rows } from '../row.js'

// biome-ignore format: a table reads in columns
export const rows: Rows<'matmul'> = {
  matmul: {
    f: matmul,
    cases: [
      on([[5, 7], [7, 3]]),          on([[3, 3], [3, 3]]),       on([[1, 1], [1, 1]]),       on([[65, 9], [9, 69]]),
      on([[7], [7]]),                on([[7], [7, 3]]),          on([[5, 7], [7]]),          on([[2, 5, 7], [7]]),
      on([[7], [2, 7, 3]]),          on([[2, 5, 7], [7, 3]]),    on([[2, 5, 7], [2, 7, 3]]), on([[5, 7], [2, 7, 3]]),
      on([[2, 1, 3, 5], [4, 5, 2]]), on([[0, 3], [3, 4]]),       on([[3, 0], [0, 4]]),       on([[0, 2, 3], [3, 2]]),
      on([[2, 1, 2, 1, 3, 2], [3, 1, 2, 2, 3]]),                 on([[2, 1, 2, 1, 2, 2, 2], [2, 1, 2, 1, 2, 2]]),
    ],
    generate(random) {
      const [m, k, n] = [0, 1, 2].map(() => size(random, { empty: true }))
      const [left, right] = sometimes(random, 0.4) ? together(random, 2).map(batch => few(batch)) : [[], []]
      const vector = oneOf(random, ['a', 'b', '', '', '', ''])
      return ofTerms(k, on([vector === 'a' ? [k] : [...left, m, k], vector === 'b' ? [k] : [...right, k, n]]))
    },
    linear: [[0], [1]],
  },
}
