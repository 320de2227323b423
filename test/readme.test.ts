/** The README's claims: its programs run, and its paths through the source are as short as it says. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pathOf, renewed } from '../scripts/lines.js'

const library = new URL('../src/node.ts', import.meta.url).href
const tsx = new URL('../node_modules/tsx/dist/esm/index.mjs', import.meta.url).href

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const readme = read('README.md')
const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code)

test('the README has programs, and the first is examples/xor.ts', () => {
  assert.ok(programs.length >= 2)
  const [, ...lines] = read('examples/xor.ts').replace('../src/node.js', 'kernelgrad').split('\n')
  assert.is(programs[0], lines.join('\n'))
})

test('the paths through the source have as many lines as the README says', () => {
  assert.is(readme, renewed(readme), 'README.md: run `npm run lines`')
})

test('the idea is at most eight files and 700 lines', () => {
  const rows = pathOf(readme, 'idea')
  assert.ok(rows.flatMap(({ files }) => files).length <= 8)
  assert.ok(rows.reduce((sum, { lines }) => sum + lines, 0) <= 700)
})

const ofSpeed =
  /\b(fast\w*|slow\w*|speed\w*|quick\w*|cheap\w*|fus(?:e|ed|ion)|replay\w*|subgroups?|in one kernel)\b/i

test('nothing in the idea is about speed', () => {
  for (const file of pathOf(readme, 'idea').flatMap(({ files }) => files))
    for (const [i, line] of read(file).split('\n').entries())
      assert.not.match(line, ofSpeed, `${file}:${i + 1}: ${line}`)
})

for (const [i, code] of programs.entries()) {
  test(`program ${i + 1} of the README runs`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))
    writeFileSync(join(folder, 'program.mts'), code.replaceAll(`'kernelgrad'`, `'${library}'`))
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', tsx, join(folder, 'program.mts')],
      {
        cwd: folder,
        encoding: 'utf8',
        timeout: 120_000,
        env: { ...process.env, FORCE_COLOR: '0' },
      },
    )
    assert.is(status, 0, stderr)
    // what is learned there is exclusive or
    if (code.includes('new nn.Sigmoid()')) assert.match(stdout, /\[\[0\.0\d+\],\n \[0\.9\d+\],/)
  })
}

test.run()
