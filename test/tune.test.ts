/** Which kernels are the fastest here: measured when the program is idle, kept for its next start. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { families } from '../src/launches/variants.js'
import { tuningFile } from '../src/node/tuning.js'
import {
  adapterInfo,
  manualSeed,
  memory,
  rand,
  scope,
  shutdown,
  variants,
  zeros,
} from '../src/node.js'
import { untilIdle } from '../src/tune/idle.js'
import { type Tried, tune } from '../src/tune/index.js'
import { measure } from '../src/tune/measure.js'
import { gpu } from './gpu.js'

const before = process.env.XDG_CACHE_HOME
const cache = mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))
test.before(async () => {
  await gpu()
  process.env.XDG_CACHE_HOME = cache
})
test.after(() => {
  process.env.XDG_CACHE_HOME = before ?? ''
  rmSync(cache, { recursive: true })
})

/** Work that takes so many milliseconds of the CPU, and counts how often it was done. */
function busy(ms: number) {
  const work = () => {
    work.count++
    for (const end = performance.now() + ms; performance.now() < end; );
  }
  work.count = 0
  return work
}

test('each kernel has its best time; a hopeless one is measured once', async () => {
  const [quick, slow, hopeless] = [busy(6), busy(12), busy(60)]
  const times = (await measure({ quick, slow, hopeless, absent: null }, async () => true))!
  assert.equal([...times.keys()], ['quick', 'slow', 'hopeless'])
  assert.ok(times.get('quick')! >= 6 && times.get('quick')! < times.get('slow')!)
  assert.is(hopeless.count, 2, 'once to compile it, and once by the clock')
  assert.is(quick.count, 6)
})

test('work that is too short for the clock is repeated', async () => {
  const short = busy(0.5)
  const times = (await measure({ short }, async () => true))!
  assert.ok(short.count > 20, `${short.count}`)
  assert.ok(times.get('short')! < 3)
})

test('a pause that says no ends it', async () => {
  const work = busy(1)
  assert.is(await measure({ work }, async () => false), null)
  assert.is(work.count, 0)
})

test('it waits until the program launches nothing', async () => {
  let launches = 0
  const program = setInterval(() => {
    scope(() => void zeros([1]).add(1))
    if (++launches === 10) clearInterval(program)
  }, 20)
  await untilIdle()
  assert.is(launches, 10)
})

test('it keeps names for the next start, and leaves this one as it is', async () => {
  if (!adapterInfo().description.includes('llvmpipe')) return console.log('skipped: too slow here')
  manualSeed(3)
  const expected = await rand([4]).data()
  const inUse = variants()
  manualSeed(3)
  const tried: Tried[] = []
  const { tensors } = memory()
  const best = (await tune({ now: true, tried: one => tried.push(one) }))!
  assert.ok(memory().tensors <= tensors) // those of earlier tests may be collected meanwhile
  assert.equal(await rand([4]).data(), expected, 'the random stream is the program’s')
  assert.equal(variants(), inUse)
  assert.equal(
    tried.map(({ variant }) => variant),
    Object.values(families).flatMap(rungs => rungs.map(({ name }) => name)),
  )
  for (const [family, variant] of Object.entries(best)) {
    const times = tried.filter(one => one.family === family && one.ms !== null)
    assert.is(times.sort((a, b) => a.ms! - b.ms!)[0].variant, variant)
  }
  const [kept] = Object.values(JSON.parse(readFileSync(tuningFile(), 'utf8')))
  assert.equal(kept, best)
  assert.equal(await tune({ tried: () => assert.unreachable('it was measured before') }), best)
})

test('a signal ends it, and nothing is kept', async () => {
  rmSync(tuningFile(), { force: true })
  assert.is(await tune({ signal: AbortSignal.abort() }), null)
  assert.not.ok(existsSync(tuningFile()))
})

test('shutdown ends it', async () => {
  const tuning = tune()
  shutdown()
  assert.is(await tuning, null)
})

test.run()
