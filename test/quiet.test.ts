/** Waiting for the GPU does not delay other callbacks. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rand } from '../src/node.js'
import { gpu } from './gpu.js'

test.before(gpu)

test('setImmediate is restored after a read, and works during it', async () => {
  const original = globalThis.setImmediate
  let turns = 0
  const count = () => {
    turns++
    if (turns < 5) setImmediate(count)
  }
  const x = rand([300, 300])
  const reads = [x.matmul(x).data(), x.sum().data()]
  setImmediate(count)
  await Promise.all(reads)
  assert.is(globalThis.setImmediate, original)
  while (turns < 5) await new Promise(resolve => setTimeout(resolve, 1))
})

test('it is restored after a read that fails', async () => {
  const original = globalThis.setImmediate
  const x = rand([3])
  x.dispose()
  await x.data().catch(() => {})
  assert.is(globalThis.setImmediate, original)
})

test.run()
