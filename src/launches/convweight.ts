/** How the gradients of a convolution's weight and bias are computed. */
import { convTotalKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { chooseConv, kernelsOf, rungNamed } from './conv.js'
import { type Geometry, paramsOf } from './geometry.js'
import { sumsAsOnCpu } from './parts.js'
import type { Variant } from './variants.js'

/**
 * dw[o,c,ky,kx] = Σ x[n,c,iy,ix] y[n,o,oy,ox],  db = Σ over all but the channels of x or of y.
 *
 * Both are computed in parts, which are then summed in order. They are written to dw and db, which
 * lie in one buffer.
 */
export function convWeight(
  x: Tensor,
  y: Tensor,
  shapes: Geometry,
  { dw, db, biasOf }: { dw: Tensor; db?: Tensor; biasOf: 'x' | 'y' },
  variant: Variant<'conv'> = choose(shapes),
): void {
  const { weight } = rungNamed(variant)
  const [images, , oh, ow] = shapes.y
  const { tiles, invocations, constants } = weight(shapes)
  const rows = rowsPerPart(images * oh, ow, sizeOf(shapes.w))
  const parts = Math.max(1, Math.ceil((images * oh) / Math.max(rows, 1)))
  const biases = db?.size ?? 0
  const numbers = sizeOf(shapes.w) + biases
  const partial = empty([parts, numbers], 'f32', 'conv2d')
  const all = (tiles + Math.ceil(biases / invocations)) * parts
  run(kernelsOf(variant).weight, {
    constants,
    params: {
      ...paramsOf(shapes),
      threads: all,
      rows,
      parts,
      tiles,
      bias_channels: biases,
      bias_of_x: biasOf === 'x' ? 1 : 0,
    },
    tensors: { x: compact(x), y: compact(y), result: partial },
    ...(invocations === 1 ? { threads: all } : { workgroups: all }),
  })
  run(convTotalKernel, {
    params: {
      n: numbers,
      weights: sizeOf(shapes.w),
      parts,
      dw_offset: dw.offset,
      db_offset: db?.offset ?? 0,
    },
    tensors: { partial, result: dw },
    threads: numbers,
  })
}

function choose({ w, groups }: Geometry): Variant<'conv'> {
  return chooseConv(w[0] / groups, sizeOf(w.slice(1)))
}

const longest = 1024 // terms that one invocation sums: with more, rounding would show

/**
 * Rows of y per part: few enough that there is work for all and that rounding stays small. They
 * depend on the shapes alone, so that all kernels, and all adapters that compute on the CPU, sum
 * in the same order.
 */
function rowsPerPart(rows: number, width: number, weights: number): number {
  // numbers in all parts, to keep all busy; but no more parts than total.wgsl adds up in a moment
  const [numbers, most] = sumsAsOnCpu() ? [12 * 1024, Infinity] : [512 * 1024, 128]
  const parts = Math.min(most, Math.ceil(numbers / Math.max(weights, 1)))
  const even = Math.ceil(rows / parts)
  return Math.max(1, Math.min(even, Math.floor(longest / Math.max(width, 1))))
}
