/** The options of windows, checked as far as that can be done without an image. */
import { check } from '../../kernels/check.js'
import { show } from '../../tensor/shape.js'
import { type Pair, pair, type Size2d, single, type Windows } from '../../tensor/window.js'

interface Options<S> {
  readonly stride?: S
  readonly padding?: S
  readonly dilation?: S
  readonly outputPadding?: S
}

/** The options of a convolution. @throws Error unless all are whole numbers that fit together */
export function convWindows(
  op: string,
  { stride = 1, padding = 0, dilation = 1, outputPadding = 0 }: Options<Size2d>,
): Required<Options<Pair>> {
  const windows = {
    stride: pair(op, 'stride', stride, 1),
    padding: pair(op, 'padding', padding, 0),
    dilation: pair(op, 'dilation', dilation, 1),
    outputPadding: pair(op, 'outputPadding', outputPadding, 0),
  }
  const { stride: s, dilation: d, outputPadding: extra } = windows
  check(
    extra.every((n, i) => n < s[i] || n < d[i]),
    () =>
      `${op}: outputPadding is ${show(extra)}; ` +
      `it must be smaller than stride ${show(s)} or dilation ${show(d)}`,
  )
  return windows
}

/** The options of pooling. @throws Error unless the padding is at most half the kernel */
export function poolWindows(
  op: string,
  kernelSize: Size2d,
  options: Options<Size2d> & { readonly ceilMode?: boolean },
): Windows {
  const { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false } = options
  const windows = {
    kernel: pair(op, 'kernelSize', kernelSize, 1),
    stride: pair(op, 'stride', stride, 1),
    padding: pair(op, 'padding', padding, 0),
    dilation: pair(op, 'dilation', dilation, 1),
    ceilMode,
  }
  check(
    windows.padding.every((p, i) => 2 * p <= windows.kernel[i]),
    () =>
      `${op}: padding is ${show(windows.padding)}; at most half the kernel ${show(windows.kernel)}`,
  )
  return windows
}

/** Options along one dimension, as those of images with one row. */
export function alongRow(
  op: string,
  { stride = 1, padding = 0, dilation = 1, outputPadding = 0 }: Options<number>,
): Required<Options<Pair>> {
  return {
    stride: [1, single(op, 'stride', stride, 1)],
    padding: [0, single(op, 'padding', padding, 0)],
    dilation: [1, single(op, 'dilation', dilation, 1)],
    outputPadding: [0, single(op, 'outputPadding', outputPadding, 0)],
  }
}

/** The options of pooling along one dimension, as those of images with one row. */
export function poolWindow(
  op: string,
  kernelSize: number,
  options: Options<number> & { readonly ceilMode?: boolean },
): Windows {
  const { stride = kernelSize, ceilMode } = options
  const kernel: Pair = [1, single(op, 'kernelSize', kernelSize, 1)]
  return poolWindows(op, kernel, { ...alongRow(op, { ...options, stride }), ceilMode })
}
