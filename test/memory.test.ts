/** Two thousand training steps in the memory of the first hundred, with no dispose in sight. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DataLoader } from '../src/data/loader.js'
import { manualSeed, memory, mseLoss, nn, rand, scope, shutdown } from '../src/index.js'
import { poolCounts } from '../src/kernels/pool.js'
import { gpu } from './gpu.js'

// a pool of its own: the shelves that other tests filled would hide a leak
test.before(() => {
  shutdown()
  return gpu()
})

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heap(): number {
  collect()
  return process.memoryUsage().heapUsed
}

const steps = 2000
const newModel = () =>
  new nn.Sequential(new nn.Linear(16, 8), new nn.ReLU(), new nn.Linear(8, 16), new nn.Tanh())

test('2,000 steps in a loader loop grow neither GPU buffers nor the heap after the first 100', async () => {
  manualSeed(1)
  const model = newModel()
  const optimizer = new nn.Adam(model.parameters())
  const x = await rand([32 * 100, 16]).data()
  const loader = new DataLoader({ x, shape: [16] }, { batchSize: 32, shuffle: true })
  let step = 0
  let settled = { buffers: 0, heap: 0, tensors: 0 }
  while (step < steps) {
    for await (const batch of loader) {
      optimizer.zeroGrad()
      const loss = mseLoss(model.forward(batch.x), batch.x)
      loss.backward()
      optimizer.step()
      if (++step % 50 === 0) await loss.item()
    }
    if (step === 100) {
      settled = {
        buffers: poolCounts().buffers,
        heap: heap(),
        tensors: memory().tensors,
      }
    }
  }
  assert.is(poolCounts().buffers, settled.buffers)
  assert.ok(memory().tensors <= settled.tensors)
  // compiled code still settles, by about a megabyte; a leak of 1 kB a step would be two more
  assert.ok(
    heap() - settled.heap < 2.5 * 2 ** 20,
    `the heap grew by ${heap() - settled.heap} bytes`,
  )
})

test('the same with scope() around each step', async () => {
  const model = newModel()
  const optimizer = new nn.SGD(model.parameters(), { momentum: 0.9 })
  const x = rand([32, 16])
  let settled = 0
  for (let step = 1; step <= steps; step++) {
    const loss = scope(() => {
      optimizer.zeroGrad()
      const l = mseLoss(model.forward(x), x)
      l.backward()
      optimizer.step()
      return l
    })
    if (step % 50 === 0) await loss.item()
    loss.dispose()
    if (step === 100) settled = poolCounts().buffers
  }
  assert.is(poolCounts().buffers, settled)
})

test('tensors outside every scope go back to the pool once nothing reaches them', async () => {
  const before = memory().tensors
  for (let i = 0; i < 50; i++) rand([64]).add(1)
  assert.ok(memory().tensors >= before + 100)
  for (let turn = 0; turn < 20 && memory().tensors > before; turn++) {
    collect()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  assert.ok(memory().tensors <= before + 1, `${memory().tensors - before} are still held`)
})

test.run()
