/** The README's claims: its programs run, and its paths through the source are as short as it says. */
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pathOf, renewed } from '../scripts/lines.js'
import { output, programsIn } from './programs.js'

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const readme = read('README.md')
const programs = programsIn(readme)

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
    const text = output(code)
    // what is learned there is exclusive or
    if (code.includes('new nn.Sigmoid()')) assert.match(text, /\[\[0\.0\d+\],\n \[0\.9\d+\],/)
  })
}

const guides = readdirSync(new URL('../docs/guides', import.meta.url)).sort()

for (const guide of guides) {
  test(`the programs of docs/guides/${guide} run, one after the other`, () => {
    const blocks = programsIn(read(`docs/guides/${guide}`))
    if (blocks.length > 0) output(blocks.join('\n'))
  })
}

test.run()
