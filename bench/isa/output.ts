/** Reads what the compiler said of each pipeline: registers, spills, waves and loops. */
import { type Loop, loopsOf } from './loops.js'

/** A line that stands before what the driver prints of a pipeline. The rest of it is JSON. */
export const mark = '@pipeline '

/** What `mark` is followed by. */
export interface Marked {
  /** The kernel's file, as matmul/tiled. */
  readonly kernel: string
  readonly entry: string
  readonly constants: Readonly<Record<string, number>>
  /** Names it within its run. */
  readonly label: string
}

export interface Compiled extends Marked {
  /** Vector registers per lane. */
  readonly registers: number
  /** Vector registers that did not fit and went to memory. */
  readonly spills: number
  /** How many subgroups a SIMD can hold, limited by registers and workgroup memory. */
  readonly waves: number
  /** Bytes of workgroup memory. */
  readonly workgroupBytes: number
  /** The outermost loops that multiply and add; that which does most of it comes first. */
  readonly loops: readonly Loop[]
  readonly assembly: string
}

/**
 * All pipelines in what a process with RADV_DEBUG=shaderstats,asm printed, in the order of marks.
 * A pipeline that the driver did not compile is left out: it had compiled the same before.
 * @throws Error when the driver's statistics lack a number, as another version of Mesa's may
 */
export function readOutput(text: string): Compiled[] {
  const parts = text.split(/^@pipeline /m).slice(1)
  return parts.flatMap(part => {
    const end = part.indexOf('\n')
    const marked: Marked = JSON.parse(part.slice(0, end))
    const printed = part.slice(end + 1)
    const from = printed.indexOf('disasm:\n')
    const statistics = printed.indexOf('*** SHADER STATS ***')
    if (from < 0 || statistics < 0) return []
    const assembly = printed.slice(from + 'disasm:\n'.length, statistics)
    const number = (name: string) => numberOf(printed.slice(statistics), name, marked.label)
    return {
      ...marked,
      registers: number('VGPRs'),
      spills: number('Spilled VGPRs'),
      waves: number('Subgroups per SIMD'),
      workgroupBytes: number('LDS size'),
      loops: loopsOf(assembly),
      assembly: assembly.replace(/\n\s*Compute Shader:\s*$/, '\n').trimEnd(),
    }
  })
}

function numberOf(statistics: string, name: string, label: string): number {
  const found = new RegExp(`^${name}: (\\d+)$`, 'm').exec(statistics)
  if (found) return Number(found[1])
  throw new Error(
    `isa: the driver's statistics of ${label} have no '${name}'. This reads those of Mesa 25.0; ` +
      'another version may name them differently',
  )
}
