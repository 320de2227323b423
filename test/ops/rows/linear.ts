/** The fully connected layer. */
import { few, shapeOf, size, sometimes } from '../generate.js'
import { activations, matmul, transpose, zip } from '../reference.js'
import { ofTerms, on, type Rows } from '../row.js'

// biome-ignore format: a table reads in columns
export const rows: Rows<'linear'> = {
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
