/** The variational autoencoder's Kullback–Leibler terms. */
import { shapeOf } from '../generate.js'
import type { Random } from '../inputs.js'
import { type Grid, reduce, zip } from '../reference.js'
import { type Case, on, type Rows } from '../row.js'

const sizes = [[5, 7], [3, 10], [1, 1], [257, 2], [2, 3, 4], [7]]
const cases = [
  ...sizes.map(shape => on([shape, shape])),
  on(
    [
      [5, 7],
      [5, 7],
    ],
    { pixels: 3 },
  ),
]

function generate(random: Random): Case {
  const shape = shapeOf(random, { empty: false })
  return on([shape, shape].map(s => (s.length > 0 ? s : [1])))
}

function average(terms: Grid, mu: Grid, pixels: number): Grid {
  return reduce(terms, undefined, false, () => mu.shape[0] * pixels)
}

export const rows: Rows<'vaeKld' | 'gaussianKld'> = {
  vaeKld: {
    f: (mu, sigma, { pixels = 784 } = {}) =>
      average(
        zip((m, s) => 0.5 * (m * m + s * s - Math.log(1e-8 + s * s) - 1), mu, sigma),
        mu,
        pixels,
      ),
    from: ['any', 'nonzero'],
    cases,
    generate,
    tolerance: 'curved',
  },
  gaussianKld: {
    f: (mu, l, { pixels = 784 } = {}) =>
      average(
        zip((m, v) => 0.5 * (m * m + Math.exp(v) - v - 1), mu, l),
        mu,
        pixels,
      ),
    cases,
    generate,
    tolerance: 'curved',
  },
}
