/** `npm run lines` counts the lines of the README's two paths through the source anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const readme = new URL('README.md', root)

/** One row of a path: its files, and their lines together. */
export interface PathRow {
  readonly files: readonly string[]
  readonly lines: number
}

/** The README's table between <!-- name --> and <!-- /name -->. */
function tableOf(text: string, name: string): string {
  const [, table] = text.match(new RegExp(`<!-- ${name} -->\n([^]*)<!-- /${name} -->`)) ?? []
  if (!table) throw new Error(`README.md has no <!-- ${name} --> … <!-- /${name} -->`)
  return table
}

/** The rows of a path, with their lines as the files have them now. */
export function pathOf(text: string, name: string): PathRow[] {
  return tableOf(text, name)
    .split('\n')
    .map(row => [...row.matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file))
    .filter(files => files.length > 0)
    .map(files => ({ files, lines: sum(files.map(linesOf)) }))
}

/** The README with the numbers of now. */
export function renewed(text: string): string {
  return ['idea', 'fast'].reduce((page, name) => {
    const counts = pathOf(page, name).map(({ lines }) => lines)
    const next = [...counts, sum(counts)].values()
    const table = tableOf(page, name)
    return page.replace(
      table,
      table.replace(/\| \d+ \|/g, () => `| ${next.next().value} |`),
    )
  }, text)
}

function linesOf(file: string): number {
  return readFileSync(new URL(file, root), 'utf8').split('\n').length - 1
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(readme, renewed(readFileSync(readme, 'utf8')))
