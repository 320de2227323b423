/** How the work of a normalisation is divided: see norm/sets.wgsl. */
import type { normSetsCodes } from '../kernels/wgsl.js'
import { sumsAsOnCpu } from './parts.js'

type Codes = keyof typeof normSetsCodes

/** x [outer, sets, inner]: a set is one index of the middle. */
export interface Sets {
  readonly outer: number
  readonly sets: number
  readonly inner: number
  /** One weight per set, per number of a set, or per span of its numbers. */
  readonly affine: Extract<Codes, `PER_${string}`>
  /** The weights of set s begin at s % groups · perGroup. */
  readonly groups?: number
  readonly perGroup?: number
  readonly span?: number
}

export interface Work {
  readonly four: Exclude<Codes, `PER_${string}`>
  /** Whether a job is a workgroup's. */
  readonly together: boolean
  readonly items: number
  /** In steps of up to four numbers. */
  readonly inner: number
  readonly steps: number
  readonly parts: number
  readonly part: number
  readonly launch: { readonly threads: number } | { readonly workgroups: number }
}

const longest = 4096 // steps of a part on a CPU

/**
 * On a CPU an invocation per job, and steps of four numbers where memory has them side by side: a
 * load costs nearly the same for four. On a GPU steps of one number, so that neighbouring
 * invocations read neighbouring memory; where neighbours are not of one set, they are of
 * neighbouring sets, and then a job is an invocation's there too.
 */
export function workOf(sets: Sets): Work {
  const onCpu = sumsAsOnCpu()
  const four = onCpu ? stepOf(sets) : 'SINGLE'
  const together = !onCpu && sets.inner > 1
  const items = four === 'ACROSS' ? sets.sets / 4 : sets.sets
  const inner = four === 'ALONG' ? sets.inner / 4 : sets.inner
  const steps = sets.outer * inner
  const [jobs, shortest] = onCpu ? [256, 32] : together ? [512, 1024] : [16384, 64]
  const wanted = Math.min(Math.ceil(jobs / Math.max(items, 1)), Math.ceil(steps / shortest))
  const least = Math.max(1, wanted, onCpu ? Math.ceil(steps / longest) : 1)
  const part = Math.max(1, Math.ceil(steps / least))
  const parts = Math.max(1, Math.ceil(steps / part)) // none is empty
  const count = items * parts
  const launch = together ? { workgroups: count } : { threads: count }
  return { four, together, items, inner, steps, parts, part, launch }
}

function stepOf({ sets, inner, affine, perGroup = 4, span = 1 }: Sets): Work['four'] {
  const perSet = affine === 'PER_SET'
  if (perSet && inner === 1 && sets % 4 === 0 && perGroup % 4 === 0) return 'ACROSS'
  const fits = perSet || (affine === 'PER_SPAN' ? span : perGroup) % 4 === 0
  return inner % 4 === 0 && fits ? 'ALONG' : 'SINGLE'
}

/** A span in steps. */
export function spanOf({ four }: Work, span: number): number {
  return four === 'ALONG' ? span / 4 : span
}
