/** The library's elementary functions stay within their limits, at sampled inputs. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { gpu } from './gpu.js'
import { functions } from './ulp/functions.js'
import { measure, nothingYet, numbersFrom, sample } from './ulp/measure.js'

test.before(gpu)

for (const each of functions)
  test(`${each.name} errs by at most ${each.limit} ULP`, async () => {
    const random = numbersFrom(1)
    const worst = nothingYet()
    const [x, p] = sample(each, 1 << 16, random)
    const edges = [0, -0, 1, -1, 1e-45, -1e-45, 1e-38, 3.4e38, Infinity, -Infinity, NaN]
    x.set(edges)
    await measure(each, x, p, worst)
    const at = `at ${worst.at.join(', ')}: ${worst.found}, not ${worst.wanted}`
    assert.ok(worst.error <= each.limit, `${each.name} errs by ${worst.error} ULP ${at}`)
  })

test.run()
