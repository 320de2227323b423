/** Convolutions, from the relation between the indices alone. */
import type { ConvOptions } from '../../../src/index.js'
import { between, oneOf, sometimes } from '../generate.js'
import type { Random } from '../inputs.js'
import { activations, fill, type Grid, reshape, zip } from '../reference.js'
import { type Case, on, type Rows } from '../row.js'

type Pair = readonly [number, number]

interface Options {
  stride?: number | Pair
  padding?: number | Pair
  outputPadding?: number | Pair
  dilation?: number | Pair
  groups?: number
}

const both = (size: number | Pair = 0): Pair => (typeof size === 'number' ? [size, size] : size)

/**
 * Calls f once per triple of elements that the relation connects, with their positions in
 * x [n, C, h, w], w [O, C/groups, kh, kw] and y [n, O, oh, ow].
 */
function relate(
  [n, C, h, w]: readonly number[],
  [O, c, kh, kw]: readonly number[],
  [oh, ow]: readonly number[],
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: Options,
  f: (x: number, w: number, y: number) => void,
): void {
  const [s, p, d] = [both(stride), both(padding), both(dilation)]
  const o = O / groups
  for (let image = 0; image < n; image++)
    for (let out = 0; out < O; out++)
      for (let k = 0; k < c * kh * kw; k++)
        for (let at = 0; at < oh * ow; at++) {
          const [channel, ky, kx] = [Math.floor(k / (kh * kw)), Math.floor(k / kw) % kh, k % kw]
          const iy = Math.floor(at / ow) * s[0] - p[0] + ky * d[0]
          const ix = (at % ow) * s[1] - p[1] + kx * d[1]
          if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue
          const from = Math.floor(out / o) * c + channel
          f(
            ((image * C + from) * h + iy) * w + ix,
            out * c * kh * kw + k,
            (image * O + out) * oh * ow + at,
          )
        }
}

function withBias(shape: number[], b: Grid | null | undefined): Grid {
  return fill(shape, ([, channel]) => b?.data[channel] ?? 0)
}

function conv2d(x: Grid, w: Grid, b: Grid | null | undefined, options: Options = {}): Grid {
  if (x.shape.length === 3) {
    const y = conv2d(reshape(x, [1, ...x.shape]), w, b, options)
    return reshape(y, y.shape.slice(1))
  }
  const [s, p, d] = [both(options.stride ?? 1), both(options.padding), both(options.dilation ?? 1)]
  const size = [0, 1].map(
    i => Math.floor((x.shape[i + 2] + 2 * p[i] - d[i] * (w.shape[i + 2] - 1) - 1) / s[i]) + 1,
  )
  const y = withBias([x.shape[0], w.shape[0], ...size], b)
  relate(x.shape, w.shape, size, options, (from, k, to) => {
    y.data[to] += w.data[k] * x.data[from]
  })
  return y
}

function convTranspose2d(
  x: Grid,
  w: Grid,
  b: Grid | null | undefined,
  options: Options = {},
): Grid {
  if (x.shape.length === 3) {
    const y = convTranspose2d(reshape(x, [1, ...x.shape]), w, b, options)
    return reshape(y, y.shape.slice(1))
  }
  const [s, p, d] = [both(options.stride ?? 1), both(options.padding), both(options.dilation ?? 1)]
  const extra = both(options.outputPadding)
  const size = [0, 1].map(
    i => (x.shape[i + 2] - 1) * s[i] - 2 * p[i] + d[i] * (w.shape[i + 2] - 1) + extra[i] + 1,
  )
  const y = withBias([x.shape[0], w.shape[1] * (options.groups ?? 1), ...size], b)
  relate(y.shape, w.shape, x.shape.slice(2), options, (to, k, from) => {
    y.data[to] += w.data[k] * x.data[from]
  })
  return y
}

/** Sizes and options at random, such that there is at least one window. */
function options(random: Random) {
  const groups = oneOf(random, [1, 1, 1, 2, 3])
  const kernel = [between(random, 1, 4), between(random, 1, 4)] as const
  const stride = [between(random, 1, 4), between(random, 1, 4)] as const
  const dilation = sometimes(random, 0.7)
    ? 1
    : ([between(random, 1, 3), between(random, 1, 3)] as const)
  const room = [0, 1].map(i => both(dilation)[i] * (kernel[i] - 1) + 1 + between(random, 0, 6))
  const padding = [between(random, 0, 2), between(random, 0, 2)] as const
  return {
    batch: sometimes(random, 0.2) ? [] : [between(random, 0, 6)],
    channels: [groups * between(random, 1, 5), groups * between(random, 1, 5)] as const,
    kernel,
    room,
    options: { groups, stride, dilation, padding },
  }
}

function convAtRandom(random: Random): Case {
  const {
    batch,
    channels: [c, o],
    kernel,
    room,
    options: given,
  } = options(random)
  const b = sometimes(random) ? [o] : null
  return on([[...batch, c, ...room], [o, c / given.groups, ...kernel], b], given)
}

function transposeAtRandom(random: Random): Case {
  const {
    batch,
    channels: [c, o],
    kernel,
    options: given,
  } = options(random)
  const [h, w] = [between(random, 5, 7), between(random, 5, 7)] // more than the padding removes
  const outputPadding = given.stride.map(s => between(random, 0, s - 1))
  const b = sometimes(random) ? [o] : null
  return on([[...batch, c, h, w], [c, o / given.groups, ...kernel], b], { ...given, outputPadding })
}

/** With the options that the op has beside. */
function activated<O extends ConvOptions>(
  f: (x: Grid, w: Grid, b: Grid | null | undefined, options: O) => Grid,
) {
  return (x: Grid, w: Grid, b?: Grid | null, { activation, ...options }: O = {} as O): Grid => {
    const y = f(x, w, b, options as O)
    return activation ? zip(activations[activation], y) : y
  }
}

/** Options along one dimension. */
interface Options1d {
  stride?: number
  padding?: number
  outputPadding?: number
  dilation?: number
  groups?: number
}

/** A convolution along one dimension: that of images with one row. */
function alongOne(f: typeof conv2d, x: Grid, w: Grid, b?: Grid | null, options: Options1d = {}) {
  const high = (t: Grid) => reshape(t, t.shape.toSpliced(-1, 0, 1))
  const { stride = 1, padding = 0, dilation = 1, outputPadding = 0, groups } = options
  const pairs = {
    stride: [1, stride],
    padding: [0, padding],
    dilation: [1, dilation],
    outputPadding: [0, outputPadding],
  } as const
  const y = f(high(x), high(w), b, { ...pairs, groups })
  return reshape(y, y.shape.toSpliced(-2, 1))
}

// biome-ignore format: a table reads in columns
export const rows: Rows<'conv1d' | 'conv2d' | 'convTranspose1d' | 'convTranspose2d'> = {
  conv2d: {
    f: activated(conv2d),
    cases: [
      on([[2, 3, 5, 7], [4, 3, 3, 3], [4]]),
      on([[1, 1, 1, 1], [1, 1, 1, 1], [1]]),
      on([[5, 7, 6], [2, 5, 3, 2], [2]]),
      on([[2, 1, 10, 10], [16, 1, 3, 3], [16]], { stride: 3, padding: 1 }),
      on([[5, 9, 5, 5], [8, 9, 3, 3], null], { stride: 2, padding: 1 }),
      on([[2, 4, 6, 5], [6, 2, 2, 3], null], { groups: 2 }),
      on([[2, 4, 6, 5], [4, 1, 3, 3], [4]], { groups: 4, padding: 1 }),
      on([[2, 3, 9, 8], [9, 3, 3, 2], null], { stride: [2, 3], padding: [2, 1], dilation: [3, 2] }),
      on([[1, 2, 7, 7], [3, 2, 1, 1], [3]], { stride: 4 }),
      on([[4, 2, 4, 4], [5, 2, 4, 4]]),
      on([[0, 2, 4, 4], [5, 2, 3, 3], [5]]),
      ...(['relu', 'tanh', 'sigmoid'] as const).map(activation =>
        ({ ...on([[5, 2, 4, 3], [3, 2, 2, 2], [3]], { activation, stride: 2, padding: 1 }), linear: false as const })),
    ],
    generate: convAtRandom,
    linear: [[0, 2], [1, 2]],
    tolerance: 'summed',
  },
  convTranspose2d: {
    f: activated(convTranspose2d),
    cases: [
      on([[2, 3, 5, 7], [3, 4, 3, 3], [4]]),
      on([[1, 1, 1, 1], [1, 1, 1, 1], [1]]),
      on([[5, 3, 4], [5, 2, 3, 2], [2]]),
      on([[5, 8, 2, 2], [8, 9, 3, 3], [9]], { stride: 2 }),
      on([[2, 6, 3, 3], [6, 3, 5, 5], null], { stride: 3, padding: 1 }),
      on([[2, 4, 3, 5], [4, 3, 2, 3], null], { groups: 2, stride: 2, outputPadding: 1 }),
      on([[2, 3, 4, 3], [3, 5, 3, 2], null], { stride: [2, 3], padding: [2, 1], dilation: [3, 2], outputPadding: [1, 2] }),
      on([[1, 2, 3, 3], [2, 3, 2, 2], [3]], { stride: 4, dilation: 2 }),
      on([[1, 2, 3, 3], [2, 3, 2, 2], [3]], { stride: 6, dilation: 4 }),
      on([[0, 2, 4, 4], [2, 5, 3, 3], [5]]),
      ...(['relu', 'tanh', 'sigmoid'] as const).map(activation =>
        ({ ...on([[5, 2, 2, 3], [2, 9, 2, 2], [9]], { activation, stride: 2, padding: 1 }), linear: false as const })),
    ],
    generate: transposeAtRandom,
    linear: [[0, 2], [1, 2]],
    tolerance: 'summed',
  },
  conv1d: {
    f: (x, w, b, options) => alongOne(conv2d, x, w, b, options),
    cases: [
      on([[2, 3, 9], [4, 3, 3], [4]]), on([[3, 9], [4, 3, 2], null], { stride: 2, padding: 1, dilation: 2 }),
      on([[2, 4, 9], [2, 2, 3], null], { groups: 2 }),
    ],
    linear: [[0, 2], [1, 2]],
    tolerance: 'summed',
  },
  convTranspose1d: {
    f: (x, w, b, options) => alongOne(convTranspose2d, x, w, b, options),
    cases: [
      on([[2, 3, 9], [3, 4, 3], [4]]), on([[3, 9], [3, 2, 2], null], { stride: 3, padding: 1, dilation: 2, outputPadding: 2 }),
      on([[2, 4, 5], [4, 3, 2], [6]], { groups: 2, stride: 2, outputPadding: 1 }), on([[0, 2, 4], [2, 5, 3]]),
    ],
    linear: [[0, 2], [1, 2]],
    tolerance: 'summed',
  },
}
