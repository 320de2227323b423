/** How a sum is computed: cut into pieces that keep an adapter busy and rounding small. */
import { check } from '../kernels/check.js'
import { isSoftware } from '../kernels/device.js'
import { launch } from '../kernels/launch.js'
import { codeOf } from '../tensor/dtype.js'
import { collapse, show, sizeOf, stridesOf } from '../tensor/shape.js'
import { empty, type Tensor, view } from '../tensor/tensor.js'

const longest = 4096 // terms that one workgroup or one invocation sums in one go
const manyOutputs = 1024 // from here on there are invocations enough without cutting a sum

/** (Σ over dims x) / divisor, with the summed dims kept as sizes of 1. Not recorded for gradients. */
export function sumDims(x: Tensor, dims: readonly number[], divisor: number): Tensor {
  check(
    x.dtype !== 'bool',
    () => `sum: ${show(x.shape)} is bool; count its true values with to('i32').sum()`,
  )
  const summed = collapse(
    dims.map(d => x.shape[d]),
    [dims.map(d => x.strides[d])],
  )
  const run = longRun(x, dims)
  if (run.length < dims.length && summed.shape.length > 1 && run.length > 0)
    return sumDims(
      sumDims(x, run, 1),
      dims.filter(d => !run.includes(d)),
      divisor,
    )
  const others = x.shape.map((_, d) => d).filter(d => !dims.includes(d))
  const kept = collapse(
    others.map(d => x.shape[d]),
    [others.map(d => x.strides[d])],
  )
  const outputs = sizeOf(kept.shape)
  const terms = sizeOf(summed.shape)
  // an invocation a sum: where neighbours in what is kept are neighbours in memory, and on a CPU, where
  // invocations that work together must wait for each other
  const down = isSoftware() || (kept.strides[0].at(-1) === 1 && outputs >= 64)
  const parts = partsOf(terms, outputs, down)
  const shape = x.shape.map((size, d) => (dims.includes(d) ? 1 : size))
  const y = empty(parts === 1 ? shape : down ? [parts, outputs] : [outputs, parts], x.dtype, 'sum')
  const pass = parts * outputs
  launch('sum', {
    entry: down ? 'columns' : 'rows',
    constants: {
      TYPE: codeOf[x.dtype],
      KEPT_RANK: kept.shape.length,
      SUMMED_RANK: summed.shape.length,
    },
    params: {
      outputs: pass,
      terms,
      parts,
      part: Math.ceil(terms / parts),
      x_offset: x.offset,
      divisor: parts === 1 ? divisor : 1,
      kept_shape: kept.shape,
      kept_strides: kept.strides[0],
      summed_shape: summed.shape,
      summed_strides: summed.strides[0],
    },
    buffers: { x: x.storage.lease, y: y.storage.lease },
    ...(down ? { threads: pass } : { workgroups: pass }),
  })
  if (parts === 1) return y
  const total = sumDims(y, [down ? 0 : 1], divisor)
  return view(total, { shape, strides: stridesOf(shape) }, 'sum')
}

/**
 * The innermost of the dims that lie behind one another in memory, if they hold enough terms: a sum along
 * them alone steps from term to term, where a sum over scattered dims divides for each.
 */
function longRun(x: Tensor, dims: readonly number[]): number[] {
  const last = Math.max(...dims)
  const run = [last]
  const joins = (d: number) =>
    dims.includes(d) && x.strides[d] === x.strides[d + 1] * x.shape[d + 1]
  while (joins(run[0] - 1)) run.unshift(run[0] - 1)
  return sizeOf(run.map(d => x.shape[d])) >= 32 ? run : []
}

/** Enough parts that no piece is long and, with few outputs, that there is work for many. */
function partsOf(terms: number, outputs: number, down: boolean): number {
  const piece = down && outputs < manyOutputs ? 256 : longest
  return Math.max(1, Math.ceil(terms / piece))
}
