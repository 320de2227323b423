/** A pipeline as it is printed and kept. */

import type { Used } from './child.js'
import type { Loop } from './loops.js'

/** Ratios are of the loop that multiplies and adds most; null if the kernel has no such loop. */
export interface IsaResult {
  /** The first row of the benchmark that runs it. */
  readonly name: string
  readonly rows: readonly string[]
  readonly kernel: string
  readonly entry: string
  readonly constants: Readonly<Record<string, number>>
  readonly card: string
  /** Multiply-adds per instruction of the vector unit: bounds the share of the card's peak. */
  readonly fmaPerValu: number | null
  /** The same for the innermost loop alone, if there is one inside. */
  readonly innerFmaPerValu: number | null
  readonly ldsPerFma: number | null
  readonly vmemPerFma: number | null
  /** fmaPerValu of the other loops, as of a gradient's other parts or of blocks at the edges. */
  readonly otherLoops: readonly number[]
  /** Instructions in the loop that multiply small matrices; they are not in the ratios. */
  readonly matrix: number
  readonly registers: number
  readonly spills: number
  readonly waves: number
  readonly workgroupBytes: number
}

export function resultOf(used: Used): IsaResult {
  const { rows, kernel, entry, constants, card, loops } = used
  const { registers, spills, waves, workgroupBytes } = used
  const [hot, ...others] = loops
  const per = (of: (loop: Loop) => number) => (hot ? rounded(of(hot)) : null)
  return {
    name: rows[0],
    rows,
    kernel,
    entry,
    constants,
    card,
    fmaPerValu: per(({ fma, valu }) => fma / valu),
    innerFmaPerValu: per(({ innermost }) => innermost),
    ldsPerFma: per(({ lds, fma }) => lds / fma),
    vmemPerFma: per(({ vmem, fma }) => vmem / fma),
    otherLoops: others.map(({ fma, valu }) => rounded(fma / valu)!),
    matrix: hot?.matrix ?? 0,
    registers,
    spills,
    waves,
    workgroupBytes,
  }
}

const rounded = (x: number) => (Number.isFinite(x) ? Number(x.toFixed(4)) : null)

const width = 34

export const heading =
  `${'kernel'.padEnd(width)}  fma/valu  inner  lds/fma  vmem/fma  registers  spills  waves  ` +
  'run by; other loops; constants'

export function line(r: IsaResult): string {
  const ratio = (x: number | null, digits: number) => (x === null ? '–' : x.toFixed(digits))
  const more = r.rows.length > 1 ? ` and ${r.rows.length - 1} more` : ''
  const others =
    r.otherLoops.length > 0 ? `; also ${r.otherLoops.map(x => x.toFixed(2)).join(', ')}` : ''
  const set = Object.entries(r.constants).filter(([, value]) => value !== 0)
  const constants = set.length > 0 ? `; ${set.map(([k, v]) => `${k}=${v}`).join(' ')}` : ''
  const kernel = r.entry === 'main' ? r.kernel : `${r.kernel}.${r.entry}`
  return [
    kernel.padEnd(width),
    ratio(r.fmaPerValu, 2).padStart(8),
    ratio(r.innerFmaPerValu, 2).padStart(5),
    ratio(r.ldsPerFma, 3).padStart(7),
    ratio(r.vmemPerFma, 3).padStart(8),
    String(r.registers).padStart(9),
    String(r.spills).padStart(6),
    String(r.waves).padStart(5),
    `${r.name}${more}${others}${constants}`,
  ].join('  ')
}
