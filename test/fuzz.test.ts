/** Some random programs and trainings; `npm run fuzz` runs many. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shutdown } from '../src/index.js'
import { fuzzPrograms } from './fuzz/programs.js'
import { checkTraining, fuzzTrainings } from './fuzz/trainings.js'
import { gpu } from './gpu.js'
import { seed } from './ops/inputs.js'
import { type Grid, zip } from './ops/reference.js'
import { table } from './ops/table.js'

test.before(gpu)
test.after(shutdown) // gives back what a driver maps for every pipeline

test('random programs have the values and gradients that float64 has', async () => {
  const { checks, loose } = await fuzzPrograms({ seed, count: 30 })
  assert.ok(checks > 10 * loose, `${loose} comparisons of ${checks} had to be left out`)
})

test('random trainings have the same bits compiled', async () => {
  const { replayed, threw } = await fuzzTrainings({ seed, count: 15 })
  assert.ok(replayed > 15)
  assert.ok(threw < 4, `${threw} of 15 trainings throw`)
})

test('a wrong op is found, and printed as a short program', async () => {
  const row = table.tanh as unknown as { f: unknown }
  const { f } = row
  row.f = (x: Grid) => zip(v => 1.001 * Math.tanh(v), x)
  try {
    const error = await fuzzPrograms({ seed, count: 300 }).then(
      () => null,
      (e: Error) => e,
    )
    assert.match(error?.message ?? 'no error', /kg\.tanh\(h\d+\)/)
    assert.ok(error!.message.match(/^const h/gm)!.length < 10)
  } finally {
    row.f = f
  }
})

test('a step whose replays differ is found', async () => {
  const text = `
    let n = 0
    const step = wrap(x => kg.mul(x, n++))
    const seen = []
    for (let i = 0; i < 3; i++) seen.push(await step(kg.ones([2])).data())
    return [...seen, null]`
  const error = await checkTraining(text).then(
    () => null,
    (e: Error) => e,
  )
  assert.match(error?.message ?? 'no error', /result 1: as it stands/)
})

test.run()
