/** Means over windows. */
import { between, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid } from '../reference.js'
import { type Case, on, type Rows } from '../row.js'

type Size = number | readonly [number, number]

interface Options {
  stride?: Size
  padding?: Size
  ceilMode?: boolean
  countIncludePad?: boolean
  divisorOverride?: number | null
}

interface Span {
  first: number
  last: number
  count: number
}

const both = (size: Size) => (typeof size === 'number' ? [size, size] : size)

/** Sums over the windows of `span`, each divided by its count or by a given divisor. */
function average(
  x: Grid,
  size: number[],
  span: (o: number, i: number) => Span,
  divisor?: number | null,
): Grid {
  return fill([...x.shape.slice(0, -2), ...size], index => {
    const [y, along] = [span(index.at(-2)!, 0), span(index.at(-1)!, 1)]
    let sum = 0
    for (let iy = y.first; iy < y.last; iy++)
      for (let ix = along.first; ix < along.last; ix++)
        sum += at(x, [...index.slice(0, -2), iy, ix])
    return sum / (divisor ?? y.count * along.count)
  })
}

export function avgPool2d(x: Grid, kernel: Size, options: Options = {}): Grid {
  const {
    stride = kernel,
    padding = 0,
    ceilMode,
    countIncludePad = true,
    divisorOverride,
  } = options
  const [k, s, p] = [kernel, stride, padding].map(both)
  const plane = x.shape.slice(-2)
  const size = plane.map((n, i) => {
    const steps = (n + 2 * p[i] - k[i]) / s[i]
    const count = (ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1
    return ceilMode && (count - 1) * s[i] >= n + p[i] ? count - 1 : count
  })
  const span = (o: number, i: number) => {
    const start = o * s[i] - p[i]
    const end = Math.min(start + k[i], plane[i] + p[i])
    const [first, last] = [Math.max(start, 0), Math.min(end, plane[i])]
    return { first, last, count: countIncludePad ? end - start : last - first }
  }
  return average(x, size, span, divisorOverride)
}

function adaptiveAvgPool2d(
  x: Grid,
  output: number | readonly [number | null, number | null],
): Grid {
  const plane = x.shape.slice(-2)
  const size = (typeof output === 'number' ? [output, output] : output).map((n, i) => n ?? plane[i])
  return average(x, size, (o, i) => {
    const first = Math.floor((o * plane[i]) / size[i])
    const last = Math.ceil(((o + 1) * plane[i]) / size[i])
    return { first, last, count: last - first }
  })
}

const image = (random: Random, h: number, w: number) => [
  ...(sometimes(random, 0.3) ? [] : [between(random, 0, 3)]),
  between(random, 1, 3),
  h,
  w,
]

function poolAtRandom(random: Random): Case {
  const kernel = [between(random, 1, 4), between(random, 1, 4)] as const
  const [h, w] = kernel.map(k => k + between(random, 0, 6))
  return on([image(random, h, w)], kernel, {
    padding: kernel.map(k => between(random, 0, Math.floor(k / 2))),
    stride: sometimes(random, 0.4) ? undefined : [between(random, 1, 3), between(random, 1, 3)],
    ceilMode: sometimes(random),
    countIncludePad: sometimes(random),
    divisorOverride: sometimes(random, 0.2) ? 3 : null,
  })
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'avgPool2d' | 'adaptiveAvgPool2d'> = {
  avgPool2d: {
    f: avgPool2d,
    cases: [
      on([[2, 3, 6, 8]], 2),                                 on([[3, 5, 7]], 3),
      on([[2, 1, 5, 5]], 2, { stride: 1 }),                  on([[1, 2, 7, 9]], [3, 2], { stride: [2, 3], padding: [1, 1] }),
      on([[2, 2, 7, 7]], 3, { stride: 2, ceilMode: true, padding: 1, countIncludePad: false }),
      on([[2, 2, 6, 6]], 2, { stride: 3, padding: 1, ceilMode: true }),
      on([[1, 1, 1, 1]], 1),                                 on([[2, 3, 4, 257]], [2, 3], { stride: [1, 2], divisorOverride: 5 }),
      on([[0, 3, 4, 4]], 2),
    ],
    generate: poolAtRandom,
    linear: true,
  },
  adaptiveAvgPool2d: {
    f: adaptiveAvgPool2d,
    cases: [
      on([[2, 3, 6, 8]], 1), on([[3, 5, 7]], [2, 3]), on([[2, 1, 5, 5]], [7, null]), on([[1, 2, 7, 257]], [null, 4]), on([[0, 3, 4, 4]], 2),
    ],
    generate: random => on([image(random, between(random, 1, 9), between(random, 1, 9))], [between(random, 1, 9), between(random, 1, 9)]),
    linear: true,
  },
}
