/** Matrix products. */
import { oneOf, shapeOf, size, sometimes, together } from '../generate.js'
import { activations, matmul, transpose, zip } from '../reference.js'
import { ofTerms, on, type Rows } from '../row.js'

/** No more than three dims of at most three: products are many loops. */
const few = (shape: number[]) => shape.slice(-3).map(s => Math.min(s, 3))

// biome-ignore format: a table reads in columns
export const products: Rows<
  'matmul' | 'linear'
> = {
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
  linear: {
    f: (x, weight, bias, { activation } = {}) => {
      const y = matmul(x, transpose(weight))
      const z = bias ? zip((a, b) => a + b, y, bias) : y
      return activation ? zip(activations[activation], z) : z
    },
    cases: [
      on([[5, 7], [3, 7], [3]]), on([[5, 7], [3, 7]]),       on([[5, 7], [3, 7]], null),   on([[7], [3, 7], [3]]),
      on([[3, 3], [3, 3]]),      on([[1, 1], [1, 1], [1]]),  on([[65, 9], [69, 9], [69]]), on([[2, 5, 7], [3, 7], [3]]),
      on([[0, 7], [3, 7], [3]]), on([[5, 0], [3, 0], [3]]),  on([[33, 8], [36, 8], [36]]), on([[35, 36], [4, 36], [4]]),
      ...(['relu', 'tanh', 'sigmoid'] as const).flatMap(activation =>
        [on([[5, 7], [3, 7], [3]], { activation }), { ...on([[33, 4], [36, 4], [36]], { activation }), ...(activation === 'relu' && { from: 'positive' as const }) }, on([[2, 3, 7], [3, 7], null], { activation })]
          .map(c => ({ ...c, linear: false as const, tolerance: 'curved' as const }))),
    ],
    generate(random) {
      const [k, n] = [size(random), size(random)]
      const batch = sometimes(random, 0.6) ? [size(random, { empty: true })] : few(shapeOf(random))
      return ofTerms(k, on([[...batch, k], [n, k], ...(sometimes(random, 0.7) ? [[n]] : [])]))
    },
    linear: [[0, 2], [1, 2]],
  },
}
