/** The loops of a compiled kernel in AMD's assembly, and what they issue per multiply-add. */

/** Counts of a loop, per run of its body and of the loops in it. */
export interface Loop {
  /** Its first and its last block, as in BB3. */
  readonly first: number
  readonly last: number
  /** Multiply-adds of 32 or 16 bits, per lane. */
  readonly fma: number
  /** Instructions for the vector unit. A dual instruction of RDNA3 is one. */
  readonly valu: number
  /** Loads and stores of workgroup memory. */
  readonly lds: number
  /** Loads and stores of buffers, and of what was spilled. */
  readonly vmem: number
  /** Multiplications of small matrices by one instruction. They are not in `fma`. */
  readonly matrix: number
  /** fma / valu of the innermost loop that has most of its multiply-adds; NaN if it is this one. */
  readonly innermost: number
}

/** How often a loop inside of a loop is assumed to run: assembly does not say. */
export const assumedTrips = 16

interface Block {
  readonly number: number
  readonly code: (readonly [operation: string, operands: string])[]
}

interface Span {
  /** Positions in the list of blocks. */
  readonly from: number
  readonly to: number
}

/** The outermost loops that multiply and add; that which does most of it comes first. */
export function loopsOf(assembly: string): Loop[] {
  const blocks = blocksOf(assembly)
  const spans = spansOf(blocks)
  const outside = (span: Span) => !spans.some(other => other !== span && contains(other, span))
  return spans
    .filter(outside)
    .map(span => count(blocks, spans, span))
    .filter(({ fma, matrix }) => fma + matrix > 0)
    .sort((a, b) => b.fma + b.matrix - a.fma - a.matrix || a.valu - b.valu)
}

function blocksOf(assembly: string): Block[] {
  const blocks: Block[] = []
  for (const line of assembly.split('\n')) {
    const label = /^BB(\d+):/.exec(line)
    const instruction = /^\s+([a-z][a-z_0-9]+)([^;]*)/.exec(line)
    if (label) blocks.push({ number: Number(label[1]), code: [] })
    else if (instruction) blocks.at(-1)?.code.push([instruction[1], instruction[2]])
  }
  return blocks
}

/** A branch back to a block makes a loop from there. Several to one block are one loop. */
function spansOf(blocks: readonly Block[]): Span[] {
  const place = new Map(blocks.map(({ number }, i) => [number, i]))
  const ends = new Map<number, number>()
  blocks.forEach(({ code }, at) => {
    for (const [operation, operands] of code) {
      const target = /^s_c?branch/.test(operation) && /BB(\d+)/.exec(operands)
      const from = target ? place.get(Number(target[1])) : undefined
      if (from !== undefined && from <= at) ends.set(from, at)
    }
  })
  return [...ends].map(([from, to]) => ({ from, to }))
}

const contains = (outer: Span, inner: Span) => outer.from <= inner.from && inner.to <= outer.to

function count(blocks: readonly Block[], spans: readonly Span[], span: Span): Loop {
  const inside = spans.filter(other => other !== span && contains(span, other))
  const sums = { fma: 0, valu: 0, lds: 0, vmem: 0, matrix: 0 }
  for (let at = span.from; at <= span.to; at++) {
    const depth = inside.filter(({ from, to }) => from <= at && at <= to).length
    const runs = assumedTrips ** depth
    for (const [operation, operands] of blocks[at].code) {
      if (operation.startsWith('v_')) {
        sums.valu += runs
        if (/wmma|mfma/.test(operation)) sums.matrix += runs
        else sums.fma += runs * multiplyAdds(operation, operands)
      } else if (operation.startsWith('ds_')) sums.lds += runs
      else if (/^(buffer|global|flat|scratch)_/.test(operation)) sums.vmem += runs
    }
  }
  const inner = inside
    .filter(other => !spans.some(third => third !== other && contains(other, third)))
    .map(other => count(blocks, spans, other))
    .sort((a, b) => b.fma - a.fma)
  const { number: first } = blocks[span.from]
  const innermost = inner.length > 0 ? inner[0].fma / inner[0].valu : Number.NaN
  return { first, last: blocks[span.to].number, ...sums, innermost }
}

/** Of one instruction. The second half of a dual instruction stands among the operands. */
function multiplyAdds(operation: string, operands: string): number {
  const one = /^v_(dual_|pk_)?(fma|fmac|fmaak|fmamk|mac|mad|madak|madmk)_f(32|16)/
  const first = one.test(operation) ? (operation.startsWith('v_pk_') ? 2 : 1) : 0
  return first + (operands.match(/v_dual_(fmac|fmaak|fmamk)_f32/g)?.length ?? 0)
}
