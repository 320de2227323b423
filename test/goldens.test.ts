/** The same numbers as PyTorch, for every case whose op exists. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseGoldens } from './goldens/file.js'
import { runCases } from './goldens/run.js'
import { gpu } from './gpu.js'

test.before(gpu)

/** What the next steps will bring: this list may only shrink. */
// biome-ignore format: a list reads in lines
const notThereYet = [
  'adaptive_avg_pool2d', 'avg_pool2d', 'batch_norm', 'layer_norm',
]

const fixture = (name: string) =>
  parseGoldens(readFileSync(new URL(`./fixtures/${name}.safetensors`, import.meta.url)), name)

for (const name of ['ops', 'large']) {
  test(`every case of ${name}.safetensors agrees with PyTorch`, async () => {
    const outcomes = await runCases(fixture(name))
    const failed = outcomes.filter(({ ratio }) => !(ratio <= 1))
    const waiting = outcomes.filter(({ lacks }) => lacks.length > 0)
    console.log(
      `  ${name}: ${outcomes.length - waiting.length} cases run, ${waiting.length} wait for ops that are not there yet`,
    )
    assert.equal(
      failed.map(o => `${o.name}: ${o.worst} (${o.ratio.toPrecision(3)} times its bound)`),
      [],
    )
    const lacks = new Set(waiting.flatMap(o => o.lacks))
    assert.equal(
      [...lacks].filter(op => !notThereYet.includes(op)),
      [],
      'an op went missing',
    )
    if (name === 'ops')
      assert.equal([...lacks].sort(), notThereYet, 'an op has come: take it off the list')
  })
}

test.run()
