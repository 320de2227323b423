/** Compares results with those that were kept: which kernels the compiler now makes worse. */
import { readFileSync } from 'node:fs'
import { check } from '../../src/kernels/check.js'
import type { IsaResult } from './result.js'

/**
 * What has become worse since a file of results was written: per row, a kernel that spills and did
 * not, or that has lost a tenth of its fma/valu; and a row, of those asked for, that has no kernel
 * any more. Kernels are matched by card, row and place in the
 * family (matmul/tiled is matmul), so a row's new variant is compared with the old one.
 * @throws Error when they have no row in common
 */
export function worse(
  now: readonly IsaResult[],
  before: readonly IsaResult[],
  prefixes: readonly string[] = [],
): string[] {
  const old = byPlace(before)
  const places = [...byPlace(now)]
  check(
    places.some(([place]) => old.has(place)),
    () => '--compare: the file has none of these rows on these cards',
  )
  const isAsked = (row: string) =>
    prefixes.length === 0 || prefixes.some(prefix => row.startsWith(prefix))
  const [cards, rows] = [new Set(now.map(({ card }) => card)), rowsOf(now)]
  const gone = [...rowsOf(before.filter(({ card }) => cards.has(card)))].filter(
    row => isAsked(row.split(' ')[1]) && !rows.has(row),
  )
  const lost = gone.map(row => `${row}: no kernel was compiled for it`)
  const changed = places.flatMap(([place, { spills, fmaPerValu, kernel }]) => {
    const was = old.get(place)
    if (!was) return []
    const words: string[] = []
    if (spills > 0 && was.spills === 0) words.push(`${place}: ${kernel} spills ${spills} registers`)
    if ((fmaPerValu ?? 0) < 0.9 * (was.fmaPerValu ?? 0))
      words.push(
        `${place}: fma/valu of ${kernel} was ${was.fmaPerValu}, is ${fmaPerValu ?? 'none'}`,
      )
    return words
  })
  return [...lost, ...changed]
}

const rowsOf = (results: readonly IsaResult[]) =>
  new Set(results.flatMap(({ card, rows }) => rows.map(row => `${card} ${row}`)))

type Worst = Pick<IsaResult, 'kernel' | 'spills' | 'fmaPerValu'>

/** A row may run several kernels of a family: the least fma/valu and the most spills count. */
function byPlace(results: readonly IsaResult[]): Map<string, Worst> {
  const found = new Map<string, Worst>()
  for (const { card, rows, kernel, entry, spills, fmaPerValu } of results)
    for (const row of rows) {
      const place = `${card} ${row} ${kernel.split('/')[0]}.${entry}`
      const other = found.get(place)
      const isLess = !other || (fmaPerValu ?? Infinity) < (other.fmaPerValu ?? Infinity)
      const least = isLess ? { kernel, fmaPerValu } : other
      found.set(place, { ...least, spills: Math.max(spills, other?.spills ?? 0) })
    }
  return found
}

/** Results that --json printed. @throws Error when the file has none, or a line is something else */
export function readResults(file: string): IsaResult[] {
  const text = contentOf(file).split('\n')
  const results = text.flatMap((words, i) => {
    if (words.trim() === '' || words.startsWith('>')) return []
    const found = parsed(words)
    check(found, () => `--compare ${file}: line ${i + 1} is no object as --json prints it`)
    return [found]
  })
  check(results.length > 0, () => `--compare ${file}: there are no results in it`)
  return results
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(
      `--compare ${file}: ${(error as Error).message}; ` +
        `make it with \`npm run -s isa -- --json > ${file}\``,
    )
  }
}

function parsed(text: string): IsaResult | null {
  try {
    const found: Partial<IsaResult> | null = JSON.parse(text)
    const named = typeof found?.kernel === 'string' && typeof found.card === 'string'
    return named && Array.isArray(found.rows) ? (found as IsaResult) : null
  } catch {
    return null
  }
}
