/** Compares this run with one that was kept: what has become slower. */
import { readFileSync } from 'node:fs'
import { check } from '../src/kernels/check.js'
import type { Result } from './result.js'

/** Time now / time before: of the medians, and of the best rounds. */
export interface Ratio {
  readonly ratio: number
  readonly ratioBest: number
}

export type Base = ReadonlyMap<string, Pick<Result, 'adapter' | 'ms' | 'msMin'>>

/**
 * Rows by name, from a file of lines as `--json` prints them. Lines that begin with > are npm's.
 * @throws Error when there is no such file, a line is no row, or none was measured on this adapter
 */
export function readBase(file: string, adapter: string): Base {
  const rows = new Map<string, Result>()
  for (const [i, text] of contentOf(file).split('\n').entries()) {
    if (text.trim() === '' || text.startsWith('>')) continue
    const row = parsed(text)
    check(
      row,
      () =>
        `--compare ${file}: line ${i + 1} is no row; each line must be an object as --json ` +
        'prints it, with name, adapter, ms and msMin',
    )
    rows.set(row.name, row)
  }
  check(rows.size > 0, () => `--compare ${file}: no rows in it; ${howToMake(file)}`)
  for (const row of rows.values())
    check(
      row.adapter === adapter,
      () =>
        `--compare ${file}: ${row.name} was measured on ${row.adapter}, this is ${adapter}; ` +
        'ratios between adapters are not about the code',
    )
  return rows
}

/** How a row compares with the base; undefined if it is new. */
export function ratioOf({ name, ms, msMin }: Result, base: Base): Ratio | undefined {
  const before = base.get(name)
  return before && { ratio: ms / before.ms, ratioBest: msMin / before.msMin }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`--compare ${file}: ${(error as Error).message}; ${howToMake(file)}`)
  }
}

function howToMake(file: string): string {
  return `make it with \`npm run -s bench -- --json > ${file}\``
}

function parsed(text: string): Result | null {
  try {
    const row: Partial<Result> | null = JSON.parse(text)
    const named = typeof row?.name === 'string' && typeof row.adapter === 'string'
    return named && row.ms! > 0 && row.msMin! > 0 ? (row as Result) : null
  } catch {
    return null
  }
}
