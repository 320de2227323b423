/** Optimizers and schedulers as PyTorch's, and what they promise beyond the numbers. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runOptim } from './goldens/optim.js'
import { gpu } from './gpu.js'

test.before(gpu)

test('optimizers walk where PyTorch walks, schedulers change the rate as it does', async () => {
  const bytes = readFileSync(new URL('./fixtures/optim.safetensors', import.meta.url))
  const outcomes = await runOptim(bytes, 'optim')
  const wrong = outcomes.filter(({ ratio, lacks }) => lacks.length > 0 || !(ratio <= 1))
  const lines = wrong.map(({ name, ratio, worst }) => `${name}: ${worst}, ${ratio} times its bound`)
  assert.ok(lines.length === 0, lines.join('\n'))
})

test.run()
