/** The programs in the README, run as they stand there. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const library = new URL('../src/node.ts', import.meta.url).href
const tsx = new URL('../node_modules/tsx/dist/esm/index.mjs', import.meta.url).href

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code)

test('the README has programs', () => {
  assert.ok(programs.length >= 2)
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
