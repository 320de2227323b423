/** Images at another size. */
import { between, oneOf, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { type Case, on, type Rows } from '../row.js'

type Size = number | readonly [number, number]

interface Options {
  size?: Size
  scaleFactor?: Size
  mode?: 'nearest' | 'bilinear'
  alignCorners?: boolean
}

const both = (size: Size) => (typeof size === 'number' ? [size, size] : size)

/** Along one dimension: which elements of x make element o of y, and with which weights. */
type Taps = (o: number) => [i: number, weight: number][]

function interpolate(x: Grid, { size, scaleFactor, mode = 'nearest', alignCorners }: Options) {
  const from = x.shape.slice(2)
  const factors = scaleFactor === undefined ? null : both(scaleFactor)
  const to = size ? both(size) : from.map((n, d) => Math.floor(n * factors![d]))
  const taps = from.map((n, d): Taps => {
    const step = factors ? 1 / factors[d] : n / to[d]
    // the index is PyTorch's: from a product rounded to float32
    if (mode === 'nearest')
      return o => [[Math.min(Math.floor(Math.fround(o * Math.fround(step))), n - 1), 1]]
    const far = to[d] > 1 ? (n - 1) / (to[d] - 1) : 0
    return o => {
      const place = alignCorners ? o * far : Math.max((o + 0.5) * step - 0.5, 0)
      const i = Math.min(Math.floor(place), n - 1)
      const share = Math.min(place - i, 1)
      return i < n - 1
        ? [
            [i, 1 - share],
            [i + 1, share],
          ]
        : [[i, 1]]
    }
  })
  return fill([...x.shape.slice(0, 2), ...to], ([n, c, oy, ox]) => {
    let sum = 0
    for (const [iy, a] of taps[0](oy))
      for (const [ix, b] of taps[1](ox)) sum += a * b * at(x, [n, c, iy, ix])
    return sum
  })
}

// biome-ignore format: a table reads in columns
const cases = [
  on([[2, 3, 4, 5]], { scaleFactor: 2 }),                      on([[1, 2, 5, 7]], { size: [8, 3] }),
  on([[1, 1, 7, 6]], { scaleFactor: [3, 0.5] }),               on([[1, 2, 3, 3]], { scaleFactor: 1.4 }),
  on([[1, 1, 41, 3]], { size: [123, 100] }),                   on([[1, 1, 5, 5]], { size: 5 }),
  on([[2, 3, 4, 5]], { scaleFactor: 2, mode: 'bilinear' }),    on([[1, 2, 9, 8]], { scaleFactor: 0.4, mode: 'bilinear' }),
  on([[1, 1, 5, 7]], { size: [8, 3], mode: 'bilinear' }),      on([[1, 2, 5, 7]], { size: [8, 3], mode: 'bilinear', alignCorners: true }),
  on([[1, 1, 4, 4]], { scaleFactor: [1.7, 2.3], mode: 'bilinear' }),
  on([[1, 1, 6, 4]], { size: [1, 7], mode: 'bilinear', alignCorners: true }),
  on([[1, 1, 1, 1]], { size: [3, 257], mode: 'bilinear' }),    on([[1, 1, 1, 5]], { size: 3, mode: 'bilinear', alignCorners: true }),
  on([[0, 3, 4, 4]], { scaleFactor: 2 }),
]

function generate(random: Random): Case {
  const image = [between(random, 1, 7), between(random, 1, 7)]
  const mode = oneOf(random, ['nearest', 'bilinear', 'bilinear'])
  const factor = (n: number) =>
    oneOf(
      random,
      [0.3, 0.5, 1, 1.5, 2, 2.7, 3].filter(f => f * n >= 1),
    )
  const [h, w] = image
  const sized = sometimes(random)
    ? {
        size: sometimes(random)
          ? between(random, 1, 13)
          : [between(random, 1, 13), between(random, 1, 13)],
      }
    : { scaleFactor: sometimes(random) ? factor(Math.min(h, w)) : [factor(h), factor(w)] }
  const corners = mode === 'bilinear' ? { alignCorners: sometimes(random) } : {}
  return on([[between(random, 0, 2), between(random, 1, 3), h, w]], { ...sized, mode, ...corners })
}

export const rows: Rows<'interpolate'> = {
  // a position among 13 pixels is rounded to 1e-6 of a pixel, and neighbours may differ by 4
  interpolate: { f: interpolate, cases, generate, linear: true, tolerance: 'summed' },
}
