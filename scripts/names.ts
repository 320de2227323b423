import { distance } from 'fastest-levenshtein'

/** @throws Error for a name that is not in `among`, with up to three suggestions */
export function checkNames(
  names: readonly string[],
  { among, kind }: { among: readonly string[]; kind: string },
): void {
  for (const name of names) {
    if (among.includes(name)) continue
    const edits = (other: string) => distance(name.toLowerCase(), other.toLowerCase())
    const near = [...new Set(among)]
      .filter(other => edits(other) <= Math.max(2, name.length / 3))
      .sort((a, b) => edits(a) - edits(b))
      .slice(0, 3)
    const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''
    throw new Error(`there is no ${kind} '${name}'${hint}`)
  }
}
