/** How losses of a prediction x and a target t are computed, with their derivatives. */
import { lossCodes, lossKernel } from '../kernels/wgsl.js'
import { aligned } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor, view } from '../tensor/tensor.js'
import { type Activation, activationCode } from './activation.js'
import { sumsAsOnCpu } from './parts.js'
import { sumDims } from './sum.js'

/** A function in the table of loss.wgsl, and its constant. */
export interface LossFunction {
  readonly code: Exclude<keyof typeof lossCodes, number>
  readonly c?: number
}

/** e[i] = f(x[i], t[i]) */
export function lossElements(
  op: string,
  { code, c = 0 }: LossFunction,
  x: Tensor,
  t: Tensor,
): Tensor {
  const e = empty(x.shape, 'f32', op)
  const n = Math.ceil(x.size / 4)
  run(lossKernel, {
    entry: 'forward',
    constants: { OP: lossCodes[code] },
    tensors: { x: aligned(x), t: aligned(t), y: e },
    params: { n, c },
    threads: n,
  })
  return e
}

/** dx[i] = de[i] · ∂f/∂x, or dt[i] = de[i] · ∂f/∂t */
export function lossBackward(
  op: string,
  { code, c = 0 }: LossFunction,
  { x, t, de }: { x: Tensor; t: Tensor; de: Tensor },
  of: 'dx' | 'dt',
): Tensor {
  const isOneValue = de.strides.every((stride, d) => stride === 0 || de.shape[d] === 1)
  const y = empty(x.shape, 'f32', op)
  const n = Math.ceil(x.size / 4)
  run(lossKernel, {
    entry: 'backward',
    constants: { OP: lossCodes[code], ONE_DE: isOneValue, TO_TARGET: of === 'dt' },
    tensors: { x: aligned(x), t: aligned(t), de: isOneValue ? de : aligned(de), y },
    params: { n, c },
    threads: n,
  })
  return y
}

export interface LossTotal {
  /** What the sum is multiplied by. */
  readonly scale: number
  /** Whether dx is wanted. */
  readonly slope: boolean
  /** The g that x came out of: dx is then multiplied by g′. */
  readonly behind: Activation | null
}

/** l = scale · Σᵢ f(x[i], t[i]),  and with it  dx[i] = scale · ∂f/∂x · g′  if that is wanted. */
export function lossTotal(
  op: string,
  { code, c = 0 }: LossFunction,
  x: Tensor,
  t: Tensor,
  { scale, slope, behind }: LossTotal,
): { l: Tensor; dx: Tensor | null } {
  const n = Math.ceil(x.size / 4)
  const parts = Math.min(n, sumsAsOnCpu() ? 256 : 4096) // what one launch of sum.wgsl adds up
  const partial = empty([parts], 'f32', op)
  const dx = empty(slope ? x.shape : [1], 'f32', op)
  run(lossKernel, {
    entry: 'total',
    constants: { OP: lossCodes[code], SLOPE: slope, ACTIVATION: activationCode(behind) },
    tensors: { x: aligned(x), t: aligned(t), y: dx, partial },
    params: { n, c, size: x.size, parts, scale },
    threads: parts,
  })
  const l = sumDims(partial, [0], 1 / scale)
  return { l: view(l, { shape: [], strides: [] }, op), dx: slope ? dx : null }
}
