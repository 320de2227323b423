/** Whether a row of memory belongs to one invocation or to a workgroup: see rowwise.wgsl. */
import { sumsAsOnCpu } from './parts.js'

/** On a GPU, long rows belong to workgroups. */
export function areRowsShared(size: number): boolean {
  return !sumsAsOnCpu() && size >= 32
}

/** The launch for so many rows. */
export function rowwise(rows: number, TOGETHER: boolean) {
  return { TOGETHER, workgroups: TOGETHER ? rows : Math.ceil(rows / 64) }
}
