/** Means on the GPU. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compile, nn, rand, scope, type Tensor, tensor } from '../src/node.js'
import { gpu } from './gpu.js'

test.before(gpu)

test('the weighted mean of all values since the last take', async () => {
  const meter = new nn.Meter()
  assert.ok(Number.isNaN(await meter.take()))
  meter.add(tensor(1))
  meter.add(tensor([4]), 2)
  assert.is(await meter.take(), 3)
  meter.add(tensor([7, 8, 9]).slice(0, { start: 1, stop: 2 }))
  assert.is(await meter.take(), 8)
  meter.dispose()
})

test('a value added after take belongs to the next mean, also before take resolves', async () => {
  const meter = new nn.Meter()
  meter.add(tensor(2))
  const first = meter.take()
  meter.add(tensor(10))
  assert.equal([await first, await meter.take()], [2, 10])
})

test('a meter works in a compiled step, which does not wait', async () => {
  const meter = new nn.Meter()
  const step = compile((x: Tensor) => meter.add(x.square().mean(), x.shape[0]), { verify: 2 })
  const batches = [rand([4, 3]), rand([4, 3]), rand([4, 3]), rand([2, 3]), rand([4, 3])]
  for (const x of batches) scope(() => step(x))
  const all = (await Promise.all(batches.map(x => x.data()))).flatMap(x => [...x])
  const mean = all.reduce((sum, x) => sum + x * x, 0) / all.length
  assert.ok(Math.abs((await meter.take()) - mean) < 1e-6)
  assert.equal(step.counts, { recorded: 2, replayed: 3 })
})

test('values and weights that are no numbers are refused', () => {
  const meter = new nn.Meter()
  assert.throws(
    () => meter.add(tensor([1, 2])),
    /Meter\.add: the value is .*\[2\]; it must be one f32/,
  )
  assert.throws(() => meter.add(tensor(1), -1), /Meter\.add: the weight is -1; it must be/)
})

test.run()
