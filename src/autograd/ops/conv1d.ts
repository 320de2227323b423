/** Convolutions along one dimension: those of images with one row. */
import { check } from '../../kernels/check.js'
import { checkOptional, checkTensor, optionsOf } from '../../tensor/arguments.js'
import type { Tensor } from '../../tensor/tensor.js'
import {
  type ConvOptions,
  type ConvTransposeOptions,
  conv2d,
  convTranspose2d,
  sizes,
} from './conv.js'
import { convOptions, convTransposeOptions } from './optionnames.js'
import { squeeze, unsqueeze } from './reshape.js'
import { alongRow } from './windowoptions.js'

/**
 * `conv2d` along one dimension.
 *
 * x [n, in, l] or [in, l]   w [out, in/groups, k]   b [out]   y [n, out, ol]
 * @throws Error when sizes do not fit
 */
export function conv1d(
  x: Tensor,
  w: Tensor,
  b?: Tensor | null,
  options: ConvOptions<number> = {},
): Tensor {
  checkTensor('conv1d', x, w)
  checkOptional('conv1d', b)
  const given = optionsOf('conv1d', options, convOptions)
  const { groups = 1, activation = null } = given
  const { outputPadding: _, ...windows } = alongRow('conv1d', given)
  check(
    (x.rank === 2 || x.rank === 3) && w.rank === 3,
    () => `conv1d: ${sizes(x, w, b, groups)}; x is [n, in, l], the weight [out, in/groups, k]`,
  )
  const y = conv2d(unsqueeze(x, -2), unsqueeze(w, -2), b, {
    ...windows,
    groups,
    activation,
  })
  return squeeze(y, -2)
}

/**
 * `convTranspose2d` along one dimension: the adjoint of `conv1d`.
 *
 * x [n, in, l] or [in, l]   w [in, out/groups, k]   b [out]   y [n, out, ol] with
 * ol = (l − 1)·stride − 2·padding + dilation·(k − 1) + outputPadding + 1.
 * @throws Error when sizes do not fit
 */
export function convTranspose1d(
  x: Tensor,
  w: Tensor,
  b?: Tensor | null,
  options: ConvTransposeOptions<number> = {},
): Tensor {
  checkTensor('convTranspose1d', x, w)
  checkOptional('convTranspose1d', b)
  const given = optionsOf('convTranspose1d', options, convTransposeOptions)
  const { groups = 1, activation = null } = given
  const windows = alongRow('convTranspose1d', given)
  check(
    (x.rank === 2 || x.rank === 3) && w.rank === 3,
    () =>
      `convTranspose1d: ${sizes(x, w, b, groups)}; ` +
      'x is [n, in, l] or [in, l], the weight [in, out/groups, k]',
  )
  const y = convTranspose2d(unsqueeze(x, -2), unsqueeze(w, -2), b, {
    ...windows,
    groups,
    activation,
  })
  return squeeze(y, -2)
}
