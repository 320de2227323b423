/** The table of a verification. */
export interface Row {
  readonly what: string
  /** The largest difference that was found. */
  readonly difference: number
  /** What is allowed. */
  readonly bound: number
}

export const holds = ({ difference, bound }: Row) => difference <= bound // NaN is over, too

/** Rows under each other, with a mark where one is over its bound. */
export function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ what }) => what.length))
  const head = `${'compared'.padEnd(width)}  largest difference  allowed`
  const lines = rows.map(row => {
    const [difference, bound] = [row.difference, row.bound].map(n => (n === 0 ? '0' : shown(n)))
    const mark = holds(row) ? '' : '  over'
    return `${row.what.padEnd(width)}  ${difference.padStart(18)}  ${bound.padStart(7)}${mark}`
  })
  return [head, ...lines].join('\n')
}

/** The same, as a part of the largest number in b. */
export function relative(a: ArrayLike<number>, b: ArrayLike<number> | undefined): number {
  let most = 0
  for (let i = 0; i < (b?.length ?? 0); i++) most = Math.max(most, Math.abs(b![i]))
  return largest(a, b) / (most || 1)
}

const shown = (n: number) => n.toExponential(1)

/** The largest difference of two lists; NaN if one is, Infinity if they are not of one length. */
export function largest(
  a: ArrayLike<number | bigint> | undefined,
  b: ArrayLike<number | bigint> | undefined,
): number {
  if (!a || !b || a.length !== b.length) return Number.POSITIVE_INFINITY
  let most = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(Number(a[i]) - Number(b[i]))
    if (Number.isNaN(difference)) return Number.NaN
    most = Math.max(most, difference)
  }
  return most
}
