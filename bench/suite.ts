/** All rows, family by family, in the order in which they are timed. */
import { check } from '../src/kernels/check.js'
import { adam } from './adam.js'
import { convolutions } from './conv.js'
import { elementwise } from './elementwise.js'
import { ladder } from './ladder.js'
import { linears } from './linear.js'
import { losses } from './losses.js'
import { matmul } from './matmul.js'
import { norms } from './norms.js'
import { order } from './order.js'
import { pools } from './pool.js'
import type { Row } from './row.js'
import { sequences } from './sequences.js'
import { steps } from './steps.js'
import { sums } from './sums.js'

const families = [
  matmul,
  linears,
  convolutions,
  pools,
  elementwise,
  sums,
  norms,
  order,
  sequences,
  losses,
  adam,
  ladder,
  steps,
]

/**
 * The rows whose names begin with one of the prefixes; all rows if there is no prefix.
 * @throws Error when a prefix begins no row's name
 */
export function select(peaks: readonly Row[], prefixes: readonly string[]): Row[] {
  const rows = [...peaks, ...families.flatMap(family => family())]
  const begins = (prefix: string) => (row: Row) => row.name.startsWith(prefix)
  for (const prefix of prefixes) {
    const known = [...new Set(rows.map(({ name }) => name.split('/')[0]))]
    check(
      rows.some(begins(prefix)),
      () => `--only ${prefix}: no row's name begins so; they begin with ${known.join(', ')}`,
    )
  }
  if (prefixes.length === 0) return rows
  return rows.filter(row => prefixes.some(prefix => begins(prefix)(row)))
}
