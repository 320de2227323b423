/** Kernels of several engines, by the work that they do. */
import { rivals } from './child.js'
import { type IsaResult, line } from './result.js'

/** The lines of kernels that multiply and add, of every row that a rival has too: ours first. */
export function sideBySide(results: readonly IsaResult[]): string[] {
  return works(results).flatMap(({ row, kernels }) =>
    kernels.map(kernel => line({ ...kernel, name: row, rows: [row] })),
  )
}

/** The rows in which the weakest kernel of a rival has more fma/valu than our weakest. */
export function behind(results: readonly IsaResult[]): string[] {
  return works(results).flatMap(({ row, kernels }) => {
    const ours = weakest(kernels, undefined)
    const better = rivals
      .map(rival => ({ rival, theirs: weakest(kernels, rival) }))
      .filter(({ theirs }) => Number.isFinite(theirs) && theirs > ours)
    if (better.length === 0) return []
    const words = better.map(({ rival, theirs }) => `${rival} ${theirs.toFixed(2)}`)
    return [`${row}: ${ours.toFixed(2)}, ${words.join(', ')}`]
  })
}

function works(results: readonly IsaResult[]): { row: string; kernels: IsaResult[] }[] {
  const busy = results.filter(({ fmaPerValu }) => fmaPerValu !== null)
  const rows = new Set(busy.flatMap(result => (rivalOf(result) ? result.rows : [])))
  return [...rows]
    .sort(new Intl.Collator('en', { numeric: true }).compare)
    .map(row => ({ row, kernels: busy.filter(result => result.rows.includes(row)) }))
}

const rivalOf = ({ kernel }: IsaResult) => rivals.find(rival => kernel.startsWith(`${rival}/`))

/** Infinity where it has no loop that multiplies: a compiler may unroll a short one wholly. */
const weakest = (kernels: readonly IsaResult[], engine: string | undefined) =>
  Math.min(...kernels.filter(one => rivalOf(one) === engine).map(one => one.fmaPerValu!))
