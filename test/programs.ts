/** Programs in pages: they are run as a reader would run them. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'

const sourceOf = (file: string) => new URL(`../src/${file}`, import.meta.url).href
const library = sourceOf('node.ts')
const tsx = new URL('../node_modules/tsx/dist/esm/index.mjs', import.meta.url).href

/** The blocks of TypeScript in a page. */
export function programsIn(page: string): string[] {
  return [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code)
}

/** The program with the source in place of the package and of its parts. */
function pointed(code: string): string {
  return code
    .replaceAll(`'kernelgrad'`, `'${library}'`)
    .replaceAll(/'kernelgrad\/(\w+)'/g, (_, part) => `'${sourceOf(`${part}/index.ts`)}'`)
}

/** Runs it in an empty folder, and returns what it prints. */
export function output(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))
  writeFileSync(join(folder, 'program.mts'), pointed(code))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', tsx, join(folder, 'program.mts')],
    { cwd: folder, encoding: 'utf8', timeout: 120_000, env: { ...process.env, FORCE_COLOR: '0' } },
  )
  assert.is(status, 0, stderr)
  return stdout
}
