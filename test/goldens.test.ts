/** The same numbers as PyTorch, for every case of every op. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shutdown } from '../src/index.js'
import { fixture } from './fixture.js'
import { parseGoldens } from './goldens/file.js'
import { runLayers } from './goldens/layers.js'
import { runCases } from './goldens/run.js'
import { gpu } from './gpu.js'

test.before(gpu)
test.after(shutdown) // gives back what a driver maps for every pipeline

for (const name of ['ops', 'more', 'large']) {
  test(`every case of ${name}.safetensors agrees with PyTorch`, async () => {
    const outcomes = await runCases(parseGoldens(await fixture(`${name}.safetensors`), name))
    assert.ok(outcomes.length > 0)
    const failed = outcomes.filter(({ ratio, lacks }) => lacks.length > 0 || !(ratio <= 1))
    assert.equal(
      failed.map(o => `${o.name}: ${o.worst || `lacks ${o.lacks}`} (${o.ratio} times its bound)`),
      [],
    )
  })
}

test('every case of layers.safetensors agrees with PyTorch, gradients and states too', async () => {
  const outcomes = await runLayers(await fixture('layers.safetensors'), 'layers')
  assert.is(outcomes.length, 36)
  const failed = outcomes.filter(({ ratio, lacks }) => lacks.length > 0 || !(ratio <= 1))
  assert.equal(
    failed.map(o => `${o.name}: ${o.worst || `lacks ${o.lacks}`} (${o.ratio} times its bound)`),
    [],
  )
})

test.run()
