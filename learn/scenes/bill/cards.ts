/** What a GPU's compiler made of a kernel, from the project's own measurements: npm run isa. */
import navi21 from '../../../bench/results/isa-navi21.jsonl?raw'
import navi31 from '../../../bench/results/isa-navi31.jsonl?raw'

export interface Compiled {
  /** The benchmark's row that it was compiled for. */
  readonly name: string
  readonly kernel: string
  readonly entry: string
  readonly card: string
  /** The share of the vector unit's work that multiplies and adds, in the main loop. */
  readonly fmaPerValu: number | null
  /** Registers per lane, and how many of them did not fit and went to memory. */
  readonly registers: number
  readonly spills: number
  /** Waves that a processor holds at once. */
  readonly waves: number
}

const all: readonly Compiled[] = [navi31, navi21].flatMap(text =>
  text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line)),
)

/** The first row of each card. */
export function compiledFor(kernel: string, entry: string): Compiled[] {
  const found = new Map<string, Compiled>()
  for (const row of all)
    if (row.kernel === kernel && row.entry === entry && !found.has(row.card))
      found.set(row.card, row)
  return [...found.values()]
}
