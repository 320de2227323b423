/** The norm of many gradients and their scaling, with several gradients per launch. */
import type { Lease } from '../kernels/pool.js'
import { gradnormCodes, gradnormKernel } from '../kernels/wgsl.js'
import { aligned } from '../tensor/contiguous.js'
import { run } from '../tensor/run.js'
import { empty, type Tensor } from '../tensor/tensor.js'

const { MAX, ABS, SQUARE, POWER } = gradnormCodes

/** [norm, coefficient] of tensors as of one vector. */
export function norm(xs: readonly Tensor[], p: number, maxNorm: number): Tensor {
  const KIND = p === Infinity ? MAX : p === 1 ? ABS : p === 2 ? SQUARE : POWER
  const constants = { KIND }
  const power = p === Infinity ? 0 : p
  let total = 0
  const rows = xs.map(aligned).map(tensor => {
    const [at, work] = [total, Math.ceil(tensor.size / 256)]
    total += work
    return { tensor, at, work }
  })
  const sums = empty([Math.max(1, total)], 'f32', 'clipGradNorm')
  for (const { lease, work, table } of tables(rows))
    run(gradnormKernel, {
      entry: 'partial',
      constants,
      params: { ...table, n: work, p: power },
      tensors: { x: lease, parts_out: sums },
      threads: work,
    })
  const result = empty([2], 'f32', 'clipGradNorm')
  run(gradnormKernel, {
    entry: 'finish',
    constants,
    params: { n: total, p: power, limit: Math.min(maxNorm, 3.4e38) },
    tensors: { parts_in: sums, result },
    workgroups: 1,
  })
  return result
}

/** g ← g · coefficient, in place. */
export function scale(gradients: readonly Tensor[], found: Tensor): void {
  const rows = gradients.map(tensor => ({ tensor, at: 0, work: Math.ceil(tensor.size / 4) }))
  for (const { lease, work, table } of tables(rows))
    run(gradnormKernel, {
      entry: 'scale',
      params: { ...table, n: work },
      tensors: { found, y: lease },
      threads: work,
    })
  for (const { storage } of gradients) storage.markChanged()
}

interface Row {
  readonly tensor: Tensor
  /** Where its parts begin in the sums. */
  readonly at: number
  /** Invocations. */
  readonly work: number
}

const rowsPerLaunch = 12 // the params of a launch hold no more

/** Launches that work on several tensors each: those that lie in one buffer. */
function tables(rows: readonly Row[]) {
  const byLease = new Map<Lease, Row[]>()
  for (const row of rows) {
    const { lease } = row.tensor.storage
    byLease.set(lease, [...(byLease.get(lease) ?? []), row])
  }
  return [...byLease].flatMap(([lease, all]) => {
    const launches = Math.ceil(all.length / rowsPerLaunch)
    return Array.from({ length: launches }, (_, i) =>
      tableOf(lease, all.slice(i * rowsPerLaunch, (i + 1) * rowsPerLaunch)),
    )
  })
}

function tableOf(lease: Lease, rows: readonly Row[]) {
  let work = 0
  const tensors = rows.flatMap(row => {
    const before = work
    work += row.work
    return [row.tensor.offset / 4, row.tensor.size, row.at, before]
  })
  return { lease, work, table: { count: rows.length, tensors } }
}
