/** Kernels may be compiled while the program goes on: nothing overtakes a launch that waits for one. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compile, defineKernel, empty, init, shutdown, type Tensor, tensor } from '../src/index.js'
import { adapterFound } from '../src/kernels/device.js'
import { caughtUp, inOrder, waitFor } from '../src/kernels/order.js'
import { sync, write } from '../src/kernels/transfer.js'
import { gpu } from './gpu.js'
import { scale, scaled } from './scaled.js'

test.before(gpu)

let by = 2

/** By another number at each call: a kernel that is new. */
function timesNew(x: Tensor): Tensor {
  return scale(x, ++by)
}

test('a new kernel is compiled aside, unless its driver compiles late', () => {
  timesNew(tensor([1]))
  assert.is(caughtUp() === null, adapterFound().compilesLate === true)
})

test('a write of the host after the launch does not change what it reads', async () => {
  const x = tensor([1, 2, 3])
  const y = timesNew(x)
  const bytes = Float32Array.of(7, 7, 7)
  write(x.storage.lease, bytes)
  bytes.fill(9) // the program may use its array again at once
  assert.equal(await y.array(), [by, 2 * by, 3 * by])
  assert.equal(await x.array(), [7, 7, 7])
})

test('a read sees what was there at its call, not what later launches write', async () => {
  const x = tensor([1, 2, 3])
  const y = timesNew(x)
  const first = y.array()
  const factor = by
  scaled.run({ tensors: { x: tensor([0, 0, 0]), y }, constants: { by: ++by }, threads: 3 })
  assert.equal(await y.array(), [0, 0, 0])
  assert.equal(await first, [factor, 2 * factor, 3 * factor])
})

test('commands wait for all kernels and keep their order', async () => {
  await sync()
  const done: string[] = []
  const note = (name: string) => inOrder(() => done.push(name))
  const kernels = [later(), later()]
  note('at once')
  for (const { promise } of kernels) waitFor(promise)
  note('first')
  note('second')
  const caught = caughtUp()?.then(() => done.push('caught up'))
  kernels[1].resolve()
  await kernels[1].promise
  assert.equal(done, ['at once'])
  kernels[0].resolve()
  await caught
  note('later')
  assert.equal(done, ['at once', 'first', 'second', 'caught up', 'later'])
})

test('a step is recorded, replayed and disposed before its kernels are ready', async () => {
  const factors = [++by, ++by]
  const step = compile((x: Tensor) => factors.reduce(scale, x))
  const results = [1, 2, 3].map(v => step(tensor([v])).clone())
  step.dispose()
  for (const [i, result] of results.entries())
    assert.equal(await result.array(), [factors[0] * factors[1] * (i + 1)])
})

test('a kernel that does not compile: the read throws, others run, and the next use throws again', async () => {
  const broken = defineKernel(
    `@group(0) @binding(1) var<storage, read_write> y: array<f32>;
    @compute @workgroup_size(1)
    fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = nothing; }`,
    { name: 'broken_in_order' },
  )
  for (const _ of [1, 2]) {
    const x = timesNew(tensor([1]))
    broken.run({ tensors: { y: empty([1]) }, threads: 1 })
    const y = timesNew(tensor([2]))
    assert.match(await x.data().then(String, String), /Error: GPU: /)
    assert.equal(await y.array(), [2 * by])
    assert.equal(await x.array(), [by - 1])
  }
})

test('a compiled step with such a kernel is never silent about it', async () => {
  const broken = defineKernel(
    `@group(0) @binding(1) var<storage, read_write> y: array<f32>;
    @compute @workgroup_size(1)
    fn main(@builtin(global_invocation_id) id: vec3u) { y[id.x] = nothing; }`,
    { name: 'broken_in_step' },
  )
  const step = compile(() => {
    const y = empty([1])
    broken.run({ tensors: { y }, threads: 1 })
    return y
  })
  for (const _ of [1, 2, 3, 4])
    assert.match(await step().data().then(String, String), /Error: GPU: /)
  step.dispose()
})

test('shutdown while a kernel is being compiled: reads end with an error, and init starts anew', async () => {
  const reads = [timesNew(tensor([1])).data(), sync()]
  shutdown()
  for (const read of await Promise.allSettled(reads)) assert.is(read.status, 'rejected')
  await init()
  assert.equal(await timesNew(tensor([3])).array(), [3 * by])
  assert.is(caughtUp(), null)
})

/** A promise that the test resolves. */
function later() {
  let resolve = () => {}
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}

test.after(shutdown)
test.run()
