/** Suggestions for a misspelled name. */

/** Up to three of `names` at a small edit distance from `word`, nearest first; case is ignored. */
export function nearest(word: string, names: readonly string[]): string[] {
  const far = Math.max(2, Math.floor(word.length / 3))
  const distances = names.map(
    name => [edits(word.toLowerCase(), name.toLowerCase()), name] as const,
  )
  return distances
    .filter(
      ([distance, name]) => distance <= far || name.toLowerCase().includes(word.toLowerCase()),
    )
    .sort(([a], [b]) => a - b)
    .slice(0, 3)
    .map(([, name]) => name)
}

/** Levenshtein's distance: insertions, deletions and replacements from a to b, row by row. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]
}

/** @throws Error for a name that is not in `among`, with suggestions */
export function checkNames(
  names: readonly string[],
  { among, kind }: { among: readonly string[]; kind: string },
): void {
  for (const name of names) {
    if (among.includes(name)) continue
    const near = nearest(name, [...new Set(among)])
    const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''
    throw new Error(`there is no ${kind} '${name}'${hint}`)
  }
}
