/** Launches of sum.wgsl: sums cut into parts, which keep an adapter busy and rounding small. */
import { check } from '../kernels/check.js'
import { sumKernel } from '../kernels/wgsl.js'
import { codeOf } from '../tensor/dtype.js'
import { collapsed } from '../tensor/layout.js'
import { run } from '../tensor/run.js'
import { show, sizeOf, stridesOf } from '../tensor/shape.js'
import { empty, type Tensor, view } from '../tensor/tensor.js'
import { sumsAsOnCpu } from './parts.js'

const longest = 4096 // terms that one workgroup or one invocation adds up
const manyOutputs = 1024 // from here on there are enough invocations without cutting a sum

/** (Σ over dims x) / divisor, with the summed dims kept as sizes of 1. */
export function sumDims(x: Tensor, dims: readonly number[], divisor: number): Tensor {
  check(
    x.dtype !== 'bool',
    () => `sum: ${show(x.shape)} is bool; count its true values with to('i32').sum()`,
  )
  const summed = partOf(x, dims)
  const inner = innerDims(x, dims)
  if (inner.length < dims.length && summed.shape.length > 1 && inner.length > 0) {
    const outer = dims.filter(d => !inner.includes(d))
    return sumDims(sumDims(x, inner, 1), outer, divisor)
  }
  const others = [...x.shape.keys()].filter(d => !dims.includes(d))
  const kept = partOf(x, others)
  const outputs = sizeOf(kept.shape)
  const terms = sizeOf(summed.shape)
  // One invocation per output, when neighbouring outputs read neighbouring memory, or on a CPU,
  // where invocations that work together must wait for each other.
  const down = sumsAsOnCpu() || (kept.strides.at(-1) === 1 && outputs >= 64)
  const parts = partsOf(terms, outputs, down)
  const shape = x.shape.map((size, d) => (dims.includes(d) ? 1 : size))
  const y = empty(parts === 1 ? shape : down ? [parts, outputs] : [outputs, parts], x.dtype, 'sum')
  const count = parts * outputs
  run(sumKernel, {
    entry: down ? 'columns' : 'rows',
    constants: {
      TYPE: codeOf[x.dtype],
      KEPT_RANK: kept.shape.length,
      SUMMED_RANK: summed.shape.length,
    },
    params: {
      outputs: count,
      terms,
      parts,
      part: Math.ceil(terms / parts),
      divisor: parts === 1 ? divisor : 1,
      kept_shape: kept.shape,
      kept_strides: kept.strides,
      summed_shape: summed.shape,
      summed_strides: summed.strides,
    },
    tensors: { x, y },
    ...(down ? { threads: count } : { workgroups: count }),
  })
  if (parts === 1) return y
  const total = sumDims(y, [down ? 0 : 1], divisor)
  return view(total, { shape, strides: stridesOf(shape) }, 'sum')
}

/** Sizes and strides of some dims, with as few dimensions as possible. */
function partOf(x: Tensor, dims: readonly number[]) {
  return collapsed({ shape: dims.map(d => x.shape[d]), strides: dims.map(d => x.strides[d]) })
}

/**
 * The innermost of the dims that can be merged to one, if they hold enough terms. A sum along them
 * alone adds a stride per term; a sum over scattered dims divides per term.
 */
function innerDims(x: Tensor, dims: readonly number[]): number[] {
  const last = Math.max(...dims)
  const inner = [last]
  const joins = (d: number) =>
    dims.includes(d) && x.strides[d] === x.strides[d + 1] * x.shape[d + 1]
  while (joins(inner[0] - 1)) inner.unshift(inner[0] - 1)
  return sizeOf(inner.map(d => x.shape[d])) >= 32 ? inner : []
}

/** Enough parts that none is long, and that few outputs still make work for many invocations. */
function partsOf(terms: number, outputs: number, down: boolean): number {
  const part = down && outputs < manyOutputs ? 256 : longest
  return Math.max(1, Math.ceil(terms / part))
}
