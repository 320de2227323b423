/** Patches of images as columns, and the sum of columns as images: each is the other's adjoint. */
import { check } from '../../kernels/check.js'
import { checkTensor, optionsOf } from '../../tensor/arguments.js'
import { type Shape, show, sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { pair, type Size2d, type Windows, windowsIn } from '../../tensor/window.js'
import { checkFloat } from './operands.js'
import { pad } from './pad.js'
import { permute } from './permute.js'
import { reshape, squeeze, unsqueeze } from './reshape.js'
import { fold, windows } from './unfold.js'

export interface PatchOptions {
  /** Pixels from one patch to the next; 1 by default. */
  stride?: Size2d
  /** Zeros put on at every side; 0 by default. */
  padding?: Size2d
  /** Pixels from one element of a patch to the next; 1 by default. */
  dilation?: Size2d
}

/**
 * Every patch of an image as a column: PyTorch's `F.unfold`.
 *
 *     y[n, (c·kh + ky)·kw + kx, oy·ow + ox] = x[n, c, oy·stride − padding + ky·dilation, …]
 *
 * x [n, c, h, w] or [c, h, w]   y [n, c·kh·kw, oh·ow], oh and ow as of `conv2d`. A convolution is
 * then a matrix product: `w.reshape([out, -1]).matmul(im2col(x, kernelSize))` has the numbers of
 * `conv2d(x, w)`, as [n, out, oh·ow].
 * @throws Error when x is no image, or smaller than a patch
 */
export function im2col(x: Tensor, kernelSize: Size2d, options: PatchOptions = {}): Tensor {
  checkTensor('im2col', x)
  const how = patches('im2col', kernelSize, options)
  check(
    (x.rank === 3 || x.rank === 4) && x.dtype !== 'bool',
    () => `im2col: x is ${x}; it must be [n, c, h, w] or [c, h, w] of numbers`,
  )
  if (x.rank === 3) return squeeze(im2col(unsqueeze(x, 0), kernelSize, options), 0)
  const { kernel, stride, padding, dilation } = how
  const [oh, ow] = windowsIn('im2col', x.shape, how)
  const along = (t: Tensor, i: 0 | 1) =>
    windows(t, { d: i + 2, size: kernel[i], step: stride[i], dilation: dilation[i] })
  // [n, c, oh, ow, kh, kw]
  const all = along(along(pad(x, around(padding)), 0), 1)
  const columns = permute(all, [0, 1, 4, 5, 2, 3])
  return reshape(columns, [x.shape[0], x.shape[1] * kernel[0] * kernel[1], oh * ow])
}

/**
 * The image in which every column is added at the place of its patch: PyTorch's `F.fold`. Where
 * patches overlap it is a sum, so it does not undo `im2col`; it is its adjoint.
 *
 *     y[n, c, oy·stride − padding + ky·dilation, …] = Σ x[n, (c·kh + ky)·kw + kx, oy·ow + ox]
 *
 * x [n, c·kh·kw, oh·ow] or [c·kh·kw, oh·ow]   y [n, c, ...outputSize]
 * @throws Error when x has not as many columns as the image has patches
 */
export function col2im(
  x: Tensor,
  outputSize: Size2d,
  kernelSize: Size2d,
  options: PatchOptions = {},
): Tensor {
  checkFloat('col2im', x)
  const how = patches('col2im', kernelSize, options)
  const image = pair('col2im', 'outputSize', outputSize, 1)
  if (x.rank === 2) return squeeze(col2im(unsqueeze(x, 0), image, kernelSize, options), 0)
  const { kernel, stride, padding, dilation } = how
  const [oh, ow] = windowsIn('col2im', image, how)
  const area = sizeOf(kernel)
  check(
    x.rank === 3 && x.shape[1] % area === 0 && x.shape[2] === oh * ow,
    () =>
      `col2im: x is ${show(x.shape)}; patches of ${show(kernel)} of an image ${show(image)} are ` +
      `[n, c · ${area}, ${oh * ow}] or [c · ${area}, ${oh * ow}]`,
  )
  const [n, c] = [x.shape[0], x.shape[1] / area]
  const [h, w] = image.map((size, i) => size + 2 * padding[i])
  const along = (t: Tensor, i: 0 | 1, shape: Shape) =>
    fold(t, shape, { d: i + 2, size: kernel[i], step: stride[i], dilation: dilation[i] })
  const all = permute(reshape(x, [n, c, ...kernel, oh, ow]), [0, 1, 4, 5, 2, 3])
  const rows = along(all, 1, [n, c, oh, w, kernel[0]])
  return pad(along(rows, 0, [n, c, h, w]), around(padding.map(p => -p)))
}

/** @throws Error unless all sizes are whole numbers */
function patches(op: string, kernelSize: Size2d, options: PatchOptions): Windows {
  const { stride = 1, padding = 0, dilation = 1 } = optionsOf(op, options, patchOptions)
  return {
    kernel: pair(op, 'kernelSize', kernelSize, 1),
    stride: pair(op, 'stride', stride, 1),
    padding: pair(op, 'padding', padding, 0),
    dilation: pair(op, 'dilation', dilation, 1),
    ceilMode: false,
  }
}

const patchOptions = ['stride', 'padding', 'dilation'] as const

/** As the padding of `pad`, which begins with the last dim. */
const around = ([h, w]: readonly number[]) => [w, w, h, h]
