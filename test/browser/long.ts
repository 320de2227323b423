/** Too long for every run of `npm test`: 500 steps of each model, here in a browser. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isSoftware } from '../../src/index.js'
import { kinds } from '../autoencoders.js'
import { trained } from '../bits.js'
import kept from '../fixtures/bits.json' with { type: 'json' }
import { gpu } from '../gpu.js'

const test = suite('500 steps')
test.before(gpu)

for (const kind of ['mlp', 'conv', 'vae'] as const)
  test(`${kind}: 500 steps of training leave the kept bits`, async () => {
    assert.ok(kinds[kind])
    if (isSoftware()) assert.is(await trained(kind, 500), kept[kind][500])
  })

test.run()
