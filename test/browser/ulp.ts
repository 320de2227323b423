/** The table of `npm run ulp`, a million inputs per function, here in a browser. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gpu } from '../gpu.js'
import { functions } from '../ulp/functions.js'
import { heads, row, sampled } from '../ulp/measure.js'

const test = suite('errors in ULP')
test.before(gpu)

test('the elementary functions stay within their limits', async () => {
  console.log(`\n${heads}`)
  for (const each of functions) {
    const worst = await sampled(each)
    console.log(row(each, worst))
    assert.ok(worst.error <= each.limit, each.name)
  }
})

test.run()
