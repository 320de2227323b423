/** The lines of the source that a step of the scene runs, found by their text. */

export interface Mark {
  readonly file: 'tape.ts' | 'backward.ts'
  /** Texts of which each stands on one line of the file. */
  readonly lines: readonly string[]
}

/** What happens, and where. */
export const marks = {
  leaves: { file: 'tape.ts', lines: ['readonly id = nextId++'] },
  record: {
    file: 'tape.ts',
    lines: ['y.requiresGrad = true', 'y.origin = new Node(op, passing, [...inputs, y], extras)'],
  },
  start: {
    file: 'backward.ts',
    lines: [
      'const nodes = nodesBehind(name, y)',
      'const sums = new Map<Key, Tensor>([[keyOf(y), dy]])',
    ],
  },
  pass: {
    file: 'backward.ts',
    lines: ['const dx = arrow(dNode)', 'sums.set(keyOf(x), sum)'],
  },
  add: {
    file: 'backward.ts',
    lines: ['const dx = arrow(dNode)', 'const sum = before ? add(before, dx) : dx'],
  },
  order: { file: 'backward.ts', lines: ['return [...seen].sort((a, b) => b.id - a.id)'] },
} as const satisfies Readonly<Record<string, Mark>>

/** The numbers of the lines that hold these texts, from 1 on. */
export function linesWith(source: string, texts: readonly string[]): number[] {
  const lines = source.split('\n')
  return texts.map(text => lines.findIndex(line => line.includes(text)) + 1)
}
