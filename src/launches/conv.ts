/** How convolutions are computed: the launches behind `conv.ts`. Knows sizes and strides, not gradients. */
import { isSoftware, subgroupSize } from '../kernels/device.js'
import { launch } from '../kernels/launch.js'
import { families, type Variant, variantOf } from '../kernels/variants.js'
import { compact } from '../tensor/contiguous.js'
import type { Shape } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import type { Pair } from '../tensor/window.js'

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

/** What a convolution's kernel does to its result on the way to memory. */
export interface Ending {
  /** [channels of the result] */
  readonly bias?: Tensor | null
  /** Its number: see activation.ts. */
  readonly activation?: number
  /** An f(z) of the result's shape, and f's number: the result is multiplied by f′(z). */
  readonly behind?: { readonly y: Tensor; readonly activation: number }
}

/** The kernels that compute a convolution and the gradient of its image. */
export const convKernels = families.conv
export type ConvKernel = Variant<'conv'>

/** y[n,o,oy,ox] = b[o] + Σ w[o,c,ky,kx] x[n,c,iy,ix] */
export function forward(
  x: Tensor,
  w: Tensor,
  shapes: Geometry,
  ending: Ending = {},
  kernel: ConvKernel = choose(perGroup(shapes).o),
): Tensor {
  const { o, c, groups } = perGroup(shapes)
  if (kernel === 'conv_subgroup') {
    const pixels = Math.ceil(shapes.x[0] / 4) * shapes.y[2] * shapes.y[3]
    const tiles = groups * blocks(o) * Math.ceil(pixels / subgroupSize())
    return inSubgroups('forward', x, w, shapes, ending, { channels: o, tiles })
  }
  const packed = pack(w, shapes, { summed: c, channels: o, along: [1, 0] })
  const source = compact(x)
  const y = empty(shapes.y, 'f32', 'conv2d')
  const end = endingOf(ending, packed)
  const threads = threadsFor(shapes.y, o, shapes.groups)
  launch('conv', {
    entry: 'forward',
    constants: { WIDE: isWide(o), ...end.constants },
    params: { ...paramsOf(shapes), threads, x_offset: source.offset, ...end.params },
    buffers: {
      x: source.storage.lease,
      packed: packed.storage.lease,
      ...end.buffers,
      result: y.storage.lease,
    },
    threads,
  })
  return y
}

/** x[n,c,iy,ix] = b[c] + Σ w[o,c,ky,kx] y[n,o,oy,ox] */
export function input(
  y: Tensor,
  w: Tensor,
  shapes: Geometry,
  ending: Ending = {},
  kernel: ConvKernel = choose(perGroup(shapes).c),
): Tensor {
  const { o, c, groups } = perGroup(shapes)
  if (kernel === 'conv_subgroup') {
    const [rows, columns] = [0, 1].map(i => Math.ceil(shapes.x[i + 2] / shapes.stride[i]))
    const phases = shapes.stride[0] * shapes.stride[1]
    const pixels = Math.ceil(shapes.x[0] / 4) * rows * columns
    const tiles = phases * groups * blocks(c) * Math.ceil(pixels / subgroupSize())
    return inSubgroups('input', y, w, shapes, ending, { channels: c, tiles })
  }
  const packed = pack(w, shapes, { summed: o, channels: c, along: [0, 1] })
  const source = compact(y)
  const x = empty(shapes.x, 'f32', 'convTranspose2d')
  const end = endingOf(ending, packed)
  const threads = threadsFor(shapes.x, c, shapes.groups)
  launch('conv', {
    entry: 'input',
    constants: { WIDE: isWide(c), ...end.constants },
    params: { ...paramsOf(shapes), threads, y_offset: source.offset, ...end.params },
    buffers: {
      y: source.storage.lease,
      packed: packed.storage.lease,
      ...end.buffers,
      result: x.storage.lease,
    },
    threads,
  })
  return x
}

/** Whether a kernel can run on this device. */
export function servesConv(kernel: ConvKernel): boolean {
  return kernel === 'conv' || [4, 8].includes(subgroupSize())
}

/** Eight channels at a time pay from five on. */
function choose(channels: number): ConvKernel {
  const wanted = variantOf('conv')
  return channels > 4 && servesConv(wanted) ? wanted : 'conv'
}

/** Whether an invocation of conv_subgroup.wgsl computes sixteen channels, else eight. */
function sixteen(channels: number): boolean {
  return channels > 8
}

function blocks(channels: number): number {
  return Math.ceil(channels / (sixteen(channels) ? 16 : 8))
}

/** Forward or input by conv_subgroup.wgsl. */
function inSubgroups(
  entry: 'forward' | 'input',
  of: Tensor,
  w: Tensor,
  shapes: Geometry,
  ending: Ending,
  { channels, tiles: workgroups }: { channels: number; tiles: number },
): Tensor {
  const [source, weights] = [compact(of), compact(w)]
  const [op, shape] = entry === 'forward' ? ['conv2d', shapes.y] : ['convTranspose2d', shapes.x]
  const result = empty(shape as Shape, 'f32', op as string)
  const end = endingOf(ending, weights)
  const constants = { LANES: subgroupSize(), WIDE: sixteen(channels), ...end.constants }
  const params = {
    ...subgroupParamsOf(shapes),
    x_offset: source.offset,
    y_offset: source.offset,
    w_offset: weights.offset,
    ...end.params,
  }
  const common = { w: weights.storage.lease, ...end.buffers, result: result.storage.lease }
  const lease = source.storage.lease
  if (entry === 'forward')
    launch('conv_subgroup', {
      entry,
      constants,
      params,
      buffers: { x: lease, ...common },
      workgroups,
    })
  else
    launch('conv_subgroup', {
      entry,
      constants,
      params,
      buffers: { y: lease, ...common },
      workgroups,
    })
  return result
}

/**
 * dw[o,c,ky,kx] = Σ x[n,c,iy,ix] y[n,o,oy,ox],  db = Σ over all but the channels of x or of y;  in parts that are then
 * summed in order. Both lie in one buffer.
 */
export function weight(
  x: Tensor,
  y: Tensor,
  shapes: Geometry,
  { dw, db, biasOf }: { dw: Tensor; db?: Tensor; biasOf: 'x' | 'y' },
  kernel: ConvKernel = chooseForWeight(shapes),
): void {
  const { o, c, groups } = perGroup(shapes)
  const [from, upstream] = [compact(x), compact(y)]
  const taps = c * shapes.w[2] * shapes.w[3]
  const [images, , oh, ow] = shapes.y
  const inLanes = kernel === 'conv_subgroup'
  const tiles = inLanes
    ? Math.ceil(taps / (4 * subgroupSize())) * blocks(o) * groups
    : Math.ceil(taps / 4) * Math.ceil(o / 8) * groups
  const rows = rowsPerPart(images * oh, ow, inLanes ? tiles * subgroupSize() : tiles)
  const parts = Math.max(1, Math.ceil((images * oh) / rows))
  const biases = db?.size ?? 0
  const numbers = dw.size + biases
  const partial = empty([parts, numbers], 'f32', 'conv2d')
  const work = {
    rows,
    parts,
    tiles,
    bias_channels: biases,
    bias_of_x: biasOf === 'x' ? 1 : 0,
    x_offset: from.offset,
    y_offset: upstream.offset,
  }
  const sources = { x: from.storage.lease, y: upstream.storage.lease }
  const buffers = { ...sources, result: partial.storage.lease }
  if (inLanes)
    launch('conv_subgroup', {
      entry: 'weight',
      constants: { LANES: subgroupSize(), WIDE: sixteen(o) },
      params: { ...subgroupParamsOf(shapes), ...work },
      buffers,
      workgroups: (tiles + Math.ceil(biases / subgroupSize())) * parts,
    })
  else {
    const threads = (tiles + biases) * parts
    launch('conv', {
      entry: 'weight',
      constants: { WIDE: isWide(o) },
      params: { ...paramsOf(shapes), ...work, threads },
      buffers,
      threads,
    })
  }
  launch('conv', {
    entry: 'total',
    params: {
      ...paramsOf(shapes),
      ...work,
      dw_offset: dw.offset,
      db_offset: db?.offset ?? 0,
      threads: numbers,
    },
    buffers: { partial: partial.storage.lease, result: dw.storage.lease },
    threads: numbers,
  })
}

/** Lanes are taps: few of them would leave most lanes without work. */
function chooseForWeight(shapes: Geometry): ConvKernel {
  const [, c, kh, kw] = shapes.w
  return c * kh * kw < 16 ? 'conv' : choose(perGroup(shapes).o)
}

function endingOf({ bias = null, activation = 0, behind }: Ending, unused: Tensor) {
  const [b, y] = [bias && compact(bias), behind && compact(behind.y)]
  return {
    constants: { BIAS: b !== null, ACTIVATION: activation, BEHIND: behind?.activation ?? 0 },
    params: { bias_offset: b?.offset ?? 0, activated_offset: y?.offset ?? 0 },
    buffers: { bias: (b ?? unused).storage.lease, activated: (y ?? unused).storage.lease },
  }
}

const longest = 1024 // terms that one invocation sums: more, and rounding would show

/** Rows of y that a part sums: few enough for work to be shared, and for rounding to stay small. */
function rowsPerPart(rows: number, width: number, tiles: number): number {
  const enough = isSoftware() ? 512 : 2048 // invocations that keep the adapter busy
  const parts = Math.ceil(enough / Math.max(tiles, 1))
  const shared = Math.ceil(rows / parts)
  return Math.max(1, Math.min(shared, Math.floor(longest / Math.max(width, 1))))
}

/** The weights as forward or input wants them: [groups, kh · kw, summed, channels], channels side by side. */
function pack(
  w: Tensor,
  shapes: Geometry,
  { summed, channels, along }: { summed: number; channels: number; along: Pair },
): Tensor {
  const wide = isWide(channels)
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

function threadsFor([images, , h, w]: Shape, channels: number, groups: number) {
  return Math.ceil(images / 4) * groups * Math.ceil(channels / (isWide(channels) ? 8 : 4)) * h * w
}

/** Whether an invocation computes eight channels, else four. */
function isWide(channels: number): boolean {
  return channels > 4
}

function perGroup({ w, groups }: Geometry) {
  return { o: w[0] / groups, c: w[1], groups }
}

function geometryOf(shapes: Geometry) {
  const { x, y, w, stride, padding, dilation } = shapes
  const [step_y, step_x] = stride.map((s, i) => s / gcd(s, dilation[i]))
  return {
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
  }
}

function subgroupParamsOf(shapes: Geometry) {
  return {
    ...geometryOf(shapes),
    x_offset: 0,
    y_offset: 0,
    w_offset: 0,
    bias_offset: 0,
    activated_offset: 0,
    rows: 0,
    parts: 0,
    tiles: 0,
    bias_channels: 0,
    bias_of_x: 0,
  }
}

/** What conv.wgsl wants to know besides. */
function paramsOf(shapes: Geometry) {
  return {
    ...subgroupParamsOf(shapes),
    threads: 0,
    dw_offset: 0,
    db_offset: 0,
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
