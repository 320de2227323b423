/** How the gradient of a slice is computed: a tensor added to a part of zeros, or of a sum. */
import { placeKernel } from '../kernels/wgsl.js'
import { compact } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { type Shape, sizeOf } from '../tensor/shape.js'
import { empty, type Tensor } from '../tensor/tensor.js'
import { type Activation, activationCode } from './activation.js'

/** Which part of a tensor a slice shows: the positions from, from + step, … along dimension d. */
export interface Part {
  readonly shape: Shape
  readonly d: number
  readonly from: number
  readonly step: number
}

export interface PlaceOptions {
  /** What y is added to; zeros by default. */
  readonly sum?: Tensor | null
  /** The whole tensor, an f(z), and f: y is multiplied by f′(z). */
  readonly behind?: { readonly x: Tensor; readonly f: Activation | null }
}

/** A tensor of the part's whole shape with y at its positions. */
export function place(
  y: Tensor,
  { shape, d, from, step }: Part,
  { sum, behind }: PlaceOptions = {},
): Tensor {
  const x = empty(shape, 'f32', 'place')
  const row = compact(y)
  const inner = sizeOf(shape.slice(d + 1))
  run(placeKernel, {
    constants: {
      SUM: !!sum,
      BEHIND: activationCode(behind?.f ?? null),
      EVERY: step === 1,
      LAST: inner === 1,
    },
    tensors: {
      y: row,
      sum: sum ? compact(sum) : row,
      activated: behind?.f ? compact(behind.x) : row,
      x,
    },
    params: {
      n: x.size,
      size: shape[d],
      inner,
      start: from,
      step,
      length: y.shape[d],
    },
    threads: x.size,
  })
  return x
}
