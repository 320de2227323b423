/** Launches of upsample.wgsl: images at another size, and the adjoint. */
import { upsampleKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import type { Pair } from '../tensor/window.js'

/** How pixels of y are made of pixels of x. */
export interface Sampling {
  /** Sizes of x and y along h and w. */
  readonly from: Pair
  readonly to: Pair
  /** Pixels of x per pixel of y along h and w. */
  readonly step: Pair
  readonly bilinear: boolean
  readonly alignCorners: boolean
}

/** forward: y [n, c, ...to] from x [n, c, ...from]. backward: dx from dy. */
export function upsample(entry: 'forward' | 'backward', source: Tensor, how: Sampling): Tensor {
  const [n, c] = source.shape
  const result = empty([n, c, ...(entry === 'forward' ? how.to : how.from)], 'f32', 'interpolate')
  const [h, w] = how.from
  const [oh, ow] = how.to
  const [step_y, step_x] = how.step
  run(upsampleKernel, {
    entry,
    constants: { BILINEAR: how.bilinear, ALIGN_CORNERS: how.alignCorners },
    params: { n: result.size, h, w, oh, ow, step_y, step_x },
    tensors: { source: compact(source), result },
    threads: result.size,
  })
  return result
}
