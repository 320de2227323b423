/** Patches of images as columns, and columns as images. */
import { between, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { at, fill, type Grid, reshape } from '../reference.js'
import { type Case, on, type Rows, whole } from '../row.js'

type Size = number | readonly [number, number]

interface Options {
  stride?: Size
  padding?: Size
  dilation?: Size
}

const both = (size: Size) => (typeof size === 'number' ? [size, size] : size)

/** How many patches there are along h and w, and which pixel is in a place of which patch. */
function geometry(
  image: readonly number[],
  kernel: Size,
  { stride = 1, padding = 0, dilation = 1 }: Options,
) {
  const [k, s, p, d] = [kernel, stride, padding, dilation].map(both)
  const count = image.map((n, i) => Math.floor((n + 2 * p[i] - d[i] * (k[i] - 1) - 1) / s[i]) + 1)
  const pixel = (row: number, column: number) => [
    Math.floor(column / count[1]) * s[0] - p[0] + (Math.floor(row / k[1]) % k[0]) * d[0],
    (column % count[1]) * s[1] - p[1] + (row % k[1]) * d[1],
  ]
  const inside = (place: readonly number[]) => place.every((at, i) => at >= 0 && at < image[i])
  return { area: k[0] * k[1], count: count[0] * count[1], pixel, inside }
}

/** A function of a batch, for one without. */
function batched(x: Grid, rank: number, f: (x: Grid) => Grid): Grid {
  if (x.shape.length === rank) return f(x)
  const y = f(reshape(x, [1, ...x.shape]))
  return reshape(y, y.shape.slice(1))
}

const im2col = (x: Grid, kernel: Size, options: Options = {}) =>
  batched(x, 4, ({ shape: [n, c, ...image], ...all }) => {
    const { area, count, pixel, inside } = geometry(image, kernel, options)
    return fill([n, c * area, count], ([i, row, column]) => {
      const place = pixel(row, column)
      const of = { shape: [n, c, ...image], ...all }
      return inside(place) ? at(of, [i, Math.floor(row / area), ...place]) : 0
    })
  })

const col2im = (x: Grid, output: Size, kernel: Size, options: Options = {}) =>
  batched(x, 3, columns => {
    const [h, w] = both(output)
    const { area, count, pixel, inside } = geometry([h, w], kernel, options)
    const [n, rows] = columns.shape
    const y = fill([n, rows / area, h, w], () => 0)
    for (let i = 0; i < n; i++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < count; column++) {
          const [iy, ix] = pixel(row, column)
          const plane = (i * rows) / area + Math.floor(row / area)
          if (inside([iy, ix])) y.data[(plane * h + iy) * w + ix] += at(columns, [i, row, column])
        }
    return y
  })

function sizes(random: Random) {
  const kernel = [between(random, 1, 3), between(random, 1, 3)] as const
  const dilation = sometimes(random, 0.7) ? 1 : 2
  const image = kernel.map(k => dilation * (k - 1) + 1 + between(random, 0, 5)) as [number, number]
  const stride = [between(random, 1, 3), between(random, 1, 3)] as const
  const padding = [between(random, 0, 2), between(random, 0, 2)] as const
  const batch = sometimes(random, 0.3) ? [] : [between(random, 0, 3)]
  return {
    batch,
    channels: between(random, 1, 3),
    image,
    kernel,
    options: { dilation, stride, padding },
  }
}

function imageAtRandom(random: Random): Case {
  const { batch, channels, image, kernel, options } = sizes(random)
  return on([[...batch, channels, ...image]], kernel, options)
}

function columnsAtRandom(random: Random): Case {
  const { batch, channels, image, kernel, options } = sizes(random)
  const { area, count } = geometry(image, kernel, options)
  return on([[...batch, channels * area, count]], image, kernel, options)
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'im2col' | 'col2im'> = {
  im2col: {
    f: im2col,
    cases: [
      on([[2, 3, 5, 7]], 3),                         on([[3, 5, 7]], [2, 3], { stride: 2 }),
      on([[1, 2, 7, 9]], [3, 2], { stride: [2, 3], padding: [1, 2], dilation: [1, 2] }),
      on([[2, 1, 4, 4]], 2, { stride: 2 }),          on([[1, 1, 1, 1]], 1),
      on([[1, 1, 3, 257]], 1, { stride: [2, 1] }),   on([[0, 2, 4, 4]], 3),
    ],
    generate: imageAtRandom,
    linear: true, tolerance: 'exact', ...whole,
  },
  col2im: {
    f: col2im,
    cases: [
      on([[2, 27, 15]], [5, 7], 3),                  on([[18, 6]], [5, 7], [2, 3], { stride: 2 }),
      on([[1, 12, 9]], [7, 9], [3, 2], { stride: [2, 4], padding: [1, 2], dilation: [2, 2] }),
      on([[2, 4, 4]], 4, 2, { stride: 2 }),          on([[1, 1, 1]], 1, 1),
      on([[1, 1, 514]], [3, 257], 1, { stride: [2, 1] }), on([[0, 18, 4]], 4, 3),
    ],
    generate: columnsAtRandom,
    linear: true,
  },
}
