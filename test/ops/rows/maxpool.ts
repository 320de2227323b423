/** Maxima over windows. */
import { between, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { type Case, on, type Rows } from '../row.js'

type Size = number | readonly [number, number]

interface Options {
  stride?: Size
  padding?: Size
  dilation?: Size
  ceilMode?: boolean
}

const both = (size: Size) => (typeof size === 'number' ? [size, size] : size)

export function maxPool2d(
  x: Grid,
  kernel: Size,
  { stride = kernel, padding = 0, dilation = 1, ceilMode }: Options = {},
) {
  const [k, s, p, d] = [kernel, stride, padding, dilation].map(both)
  const [h, w] = x.shape.slice(-2)
  const size = [h, w].map((n, i) => {
    const steps = (n + 2 * p[i] - d[i] * (k[i] - 1) - 1) / s[i]
    const count = (ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1
    return ceilMode && (count - 1) * s[i] >= n + p[i] ? count - 1 : count
  })
  const shape = [...x.shape.slice(0, -2), ...size]
  const places = fill(shape, index => {
    const [oy, ox] = index.slice(-2)
    let [best, place] = [-Infinity, -1]
    for (let ky = 0; ky < k[0]; ky++)
      for (let kx = 0; kx < k[1]; kx++) {
        const [iy, ix] = [oy * s[0] - p[0] + ky * d[0], ox * s[1] - p[1] + kx * d[1]]
        if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue
        const value = at(x, [...index.slice(0, -2), iy, ix])
        if (value > best) [best, place] = [value, iy * w + ix]
      }
    return place
  })
  const y = fill(shape, index => {
    const place = at(places, index)
    return at(x, [...index.slice(0, -2), Math.floor(place / w), place % w])
  })
  return [y, places] as [Grid, Grid]
}

// biome-ignore format: a table reads in columns
const cases = [
  on([[2, 3, 6, 8]], 2),                                 on([[3, 5, 7]], 3),
  on([[2, 1, 5, 5]], 2, { stride: 1 }),                  on([[1, 2, 7, 9]], [3, 2], { stride: [2, 3], padding: [1, 1] }),
  on([[2, 2, 7, 7]], 3, { stride: 2, ceilMode: true }),  on([[2, 2, 6, 6]], 2, { stride: 3, padding: 1, ceilMode: true }),
  on([[1, 1, 9, 9]], 3, { dilation: 2, stride: 1 }),     on([[1, 1, 1, 1]], 1),
  on([[2, 3, 4, 257]], [2, 3], { stride: [1, 2] }),      on([[0, 3, 4, 4]], 2),
]

function generate(random: Random): Case {
  const kernel = [between(random, 1, 4), between(random, 1, 4)] as const
  const dilation = sometimes(random, 0.7) ? 1 : 2
  const [h, w] = kernel.map(k => dilation * (k - 1) + 1 + between(random, 0, 5))
  const padding = kernel.map(k => between(random, 0, Math.floor(k / 2)))
  const stride = sometimes(random, 0.4) ? undefined : [between(random, 1, 3), between(random, 1, 3)]
  const batch = sometimes(random, 0.3) ? [] : [between(random, 0, 3)]
  return on([[...batch, between(random, 1, 3), h, w]], kernel, {
    stride,
    padding,
    dilation,
    ceilMode: sometimes(random),
  })
}

const more = { cases, generate, from: 'distinct', tolerance: 'exact' } as const

export const rows: Rows<'maxPool2d' | 'maxPool2dWithIndices'> = {
  maxPool2d: { f: (...xs) => maxPool2d(...xs)[0], ...more },
  maxPool2dWithIndices: { f: maxPool2d, ...more },
}
