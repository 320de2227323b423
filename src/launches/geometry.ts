/** The sizes of a convolution, and how its kernels are told of them. */
import type { Shape } from '../tensor/shape.js'
import type { Pair } from '../tensor/window.js'

/** The shapes and options of y = conv2d(x, w). Pairs are [along h, along w]. */
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

/** The params of geometry.wgsl that all kernels read. */
export function paramsOf({ x, y, w, stride, padding, dilation, groups }: Geometry) {
  const [step_y, step_x] = stride.map((s, i) => s / gcd(s, dilation[i]))
  return {
    images: x[0],
    groups,
    c: w[1],
    o: w[0] / groups,
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

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
