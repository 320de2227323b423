/** The same numbers as PyTorch, for every case of every op. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shutdown } from '../src/index.js'
import { parseGoldens } from './goldens/file.js'
import { runLayers } from './goldens/layers.js'
import { runCases } from './goldens/run.js'
import { gpu } from './gpu.js'

test.before(gpu)
test.after(shutdown) // gives back what a driver maps for every pipeline

const fixture = (name: string) =>
  parseGoldens(readFileSync(new URL(`./fixtures/${name}.safetensors`, import.meta.url)), name)

for (const name of ['ops', 'more', 'large']) {
  test(`every case of ${name}.safetensors agrees with PyTorch`, async () => {
    const outcomes = await runCases(fixture(name))
    assert.ok(outcomes.length > 0)
    const failed = outcomes.filter(({ ratio, lacks }) => lacks.length > 0 || !(ratio <= 1))
    assert.equal(
      failed.map(o => `${o.name}: ${o.worst || `lacks ${o.lacks}`} (${o.ratio} times its bound)`),
      [],
    )
  })
}

test('every case of layers.safetensors agrees with PyTorch, gradients and states too', async () => {
  const bytes = readFileSync(new URL('./fixtures/layers.safetensors', import.meta.url))
  const outcomes = await runLayers(bytes, 'layers')
  assert.is(outcomes.length, 33)
  const failed = outcomes.filter(({ ratio, lacks }) => lacks.length > 0 || !(ratio <= 1))
  assert.equal(
    failed.map(o => `${o.name}: ${o.worst || `lacks ${o.lacks}`} (${o.ratio} times its bound)`),
    [],
  )
})

test.run()
