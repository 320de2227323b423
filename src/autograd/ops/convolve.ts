/** How convolutions are computed: the launches behind `conv.ts`. Knows sizes and strides, not gradients. */
import { launch } from '../../kernels/launch.js'
import { compact } from '../../tensor/layout.js'
import type { Shape } from '../../tensor/shape.js'
import { empty, type Tensor, view } from '../../tensor/tensor.js'
import { sumDims } from './reduce.js'
import type { Pair } from './window.js'

/** What x, y and w have in common: y = conv2d(x, w), of whichever two are known. Pairs are [along h, along w]. */
export interface Geometry {
  /** [images, channels, h, w] */
  readonly x: Shape
  /** [images, channels, oh, ow] */
  readonly y: Shape
  /** [channels of y, channels of x / groups, kh, kw] */
  readonly w: Shape
  readonly stride: Pair
  readonly padding: Pair
  readonly dilation: Pair
  readonly groups: number
}

/** y[n,o,oy,ox] = b[o] + Σ w[o,c,ky,kx] x[n,c,iy,ix] */
export function forward(x: Tensor, w: Tensor, b: Tensor | null, shapes: Geometry): Tensor {
  const { o, c, groups } = perGroup(shapes)
  const from = compact(x)
  const bias = b && compact(b)
  const y = empty(shapes.y, 'f32', 'conv2d')
  const wide = o > 4
  const packed = pack(w, shapes, { summed: c, channels: o, wide, along: [1, 0] })
  const threads = threadsFor(shapes.y, o, groups, wide)
  const params = {
    ...paramsOf(shapes),
    threads,
    x_offset: from.offset,
    bias_offset: bias?.offset ?? 0,
  }
  launch('conv', {
    entry: 'forward',
    constants: { WIDE: wide, BIAS: bias !== null },
    params,
    buffers: {
      x: from.storage.lease,
      packed: packed.storage.lease,
      bias: (bias ?? packed).storage.lease,
      result: y.storage.lease,
    },
    threads,
  })
  return y
}

/** x[n,c,iy,ix] = b[c] + Σ w[o,c,ky,kx] y[n,o,oy,ox] */
export function input(y: Tensor, w: Tensor, b: Tensor | null, shapes: Geometry): Tensor {
  const { o, c, groups } = perGroup(shapes)
  const from = compact(y)
  const bias = b && compact(b)
  const x = empty(shapes.x, 'f32', 'convTranspose2d')
  const wide = c > 4
  const packed = pack(w, shapes, { summed: o, channels: c, wide, along: [0, 1] })
  const threads = threadsFor(shapes.x, c, groups, wide)
  const params = {
    ...paramsOf(shapes),
    threads,
    y_offset: from.offset,
    bias_offset: bias?.offset ?? 0,
  }
  launch('conv', {
    entry: 'input',
    constants: { WIDE: wide, BIAS: bias !== null },
    params,
    buffers: {
      y: from.storage.lease,
      packed: packed.storage.lease,
      bias: (bias ?? packed).storage.lease,
      result: x.storage.lease,
    },
    threads,
  })
  return x
}

/** w[o,c,ky,kx] = Σ x[n,c,iy,ix] y[n,o,oy,ox], in parts that are summed in order. */
export function weight(x: Tensor, y: Tensor, shapes: Geometry): Tensor {
  const { o, groups } = perGroup(shapes)
  const [from, upstream] = [compact(x), compact(y)]
  const [, c, kh, kw] = shapes.w
  const [images, , oh, ow] = shapes.y
  const tiles = Math.ceil((c * kh * kw) / 4) * Math.ceil(o / 8) * groups
  const rows = rowsPerPart(images * oh, ow, tiles)
  const parts = Math.max(1, Math.ceil((images * oh) / rows))
  const partial = empty([parts, ...shapes.w], 'f32', 'conv2d')
  const threads = tiles * parts
  launch('conv', {
    entry: 'weight',
    constants: { WIDE: o > 4 },
    params: {
      ...paramsOf(shapes),
      threads,
      rows,
      x_offset: from.offset,
      y_offset: upstream.offset,
    },
    buffers: {
      x: from.storage.lease,
      y: upstream.storage.lease,
      result: partial.storage.lease,
    },
    threads,
  })
  const w = parts === 1 ? partial : sumDims(partial, [0], 1)
  return view(w, { shape: shapes.w, strides: w.strides.slice(1) }, 'conv2d')
}

const enough = 2048 // invocations that keep any adapter busy
const longest = 1024 // terms that one of them sums: more, and rounding would show

/** Rows of y that a part sums: few enough for work to be shared, and for rounding to stay small. */
function rowsPerPart(rows: number, width: number, tiles: number): number {
  const parts = Math.ceil(enough / Math.max(tiles, 1))
  const shared = Math.ceil(rows / parts)
  return Math.max(1, Math.min(shared, Math.floor(longest / Math.max(width, 1))))
}

/** The weights as forward or input wants them: [groups, kh · kw, summed, channels], channels side by side. */
function pack(
  w: Tensor,
  shapes: Geometry,
  {
    summed,
    channels,
    wide,
    along,
  }: { summed: number; channels: number; wide: boolean; along: Pair },
): Tensor {
  const row = wide ? 2 * Math.ceil(channels / 8) : Math.ceil(channels / 4)
  const [, , kh, kw] = shapes.w
  const threads = shapes.groups * kh * kw * summed * row
  const packed = empty([threads * 4], 'f32', 'pack')
  launch('conv', {
    entry: 'pack',
    constants: { WIDE: wide },
    params: {
      ...paramsOf(shapes),
      threads,
      w_offset: w.offset,
      w_group: perGroup(shapes).o * w.strides[0],
      w_summed: w.strides[along[0]],
      w_channel: w.strides[along[1]],
      w_row: w.strides[2],
      w_column: w.strides[3],
      summed,
      channels,
    },
    buffers: { w: w.storage.lease, packing: packed.storage.lease },
    threads,
  })
  return packed
}

function threadsFor([images, , h, w]: Shape, channels: number, groups: number, wide: boolean) {
  return Math.ceil(images / 4) * groups * Math.ceil(channels / (wide ? 8 : 4)) * h * w
}

function perGroup({ w, groups }: Geometry) {
  return { o: w[0] / groups, c: w[1], groups }
}

function paramsOf(shapes: Geometry) {
  const { x, y, w, stride, padding, dilation } = shapes
  const [step_y, step_x] = stride.map((s, i) => s / gcd(s, dilation[i]))
  return {
    threads: 0,
    images: x[0],
    ...perGroup(shapes),
    h: x[2],
    w: x[3],
    oh: y[2],
    ow: y[3],
    kh: w[2],
    kw: w[3],
    stride_y: stride[0],
    stride_x: stride[1],
    padding_y: padding[0],
    padding_x: padding[1],
    dilation_y: dilation[0],
    dilation_x: dilation[1],
    step_y,
    step_x,
    x_offset: 0,
    y_offset: 0,
    bias_offset: 0,
    rows: 0,
    w_offset: 0,
    w_group: 0,
    w_summed: 0,
    w_channel: 0,
    w_row: 0,
    w_column: 0,
    summed: 0,
    channels: 0,
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
