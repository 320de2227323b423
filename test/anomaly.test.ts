/** The tracer names the launch that first makes a number that is not finite, and nothing else. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  compile,
  full,
  keep,
  log,
  manualSeed,
  mseLoss,
  nn,
  rand,
  scope,
  type Tensor,
  tensor,
  where,
} from '../src/index.js'
import { gpu } from './gpu.js'

test.before(async () => {
  await gpu()
  manualSeed(3)
})
test.before.each(() => nn.detectAnomaly())
test.after.each(() => nn.detectAnomaly(false))

const message = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    error => error.message as string,
  )

test('a NaN is found at the op that made it, with ranges and the line', async () => {
  const x = tensor([1, -2, 3])
  const y = log(x).mul(2).add(1)
  const said = await message(y.data())
  assert.match(
    said,
    /^anomaly: log at .*(anomaly\.test\.ts|module\.js):\d+ made numbers that are not finite: /,
  )
  assert.match(
    said,
    /y \[3\] \(from 0\.00 to 1\.10, 1 NaN\); from x \[3\] \(from -2\.00 to 3\.00\)$/,
  )
  assert.equal([...(await tensor([1]).add(1).data())], [2], 'said once')
})

test('an infinity is found too, and one that was put in on purpose is none', async () => {
  assert.match(await message(tensor([0]).add(1).div(0).data()), /^anomaly: div .*1 ±∞/)
  const masked = where(tensor([true, false]), tensor([1, 2]), -Infinity)
  assert.equal([...(await masked.softmax(0).data())], [1, 0])
})

test('in the backward pass it names the gradient, the layer and the line of the forward pass', async () => {
  class Root extends nn.Module {
    readonly inner = new nn.Linear(3, 3)
    forward(x: Tensor): Tensor {
      return this.inner.forward(x).mul(0).sqrt() // ∂√x/∂x = ∞ at 0
    }
  }
  const model = new Root()
  nn.detectAnomaly(true, { model })
  const loss = model.forward(rand([2, 3])).sum()
  assert.is(await loss.item(), 0)
  loss.backward()
  const said = await message(model.inner.weight.grad!.data())
  assert.match(said, /^anomaly: the gradient of sqrt in the layer model \(Root\) at .*:\d+ made /)
})

test('a compiled step is scanned in every replay', async () => {
  const w = tensor([1], { requiresGrad: true })
  const optimizer = new nn.SGD([w], { lr: 1 })
  const step = compile((x: Tensor) => {
    optimizer.zeroGrad()
    const loss = log(w.mul(x)).sum()
    loss.backward()
    optimizer.step()
    return loss
  })
  assert.is(await step(tensor([1])).item(), 0) // w ← 1 − 1
  assert.match(await message(step(tensor([1])).item()), /^anomaly: .*log/)
  assert.is(step.counts.replayed, 1)
})

test('verify compares what the step computes, not what was noted of it', async () => {
  const step = compile((x: Tensor) => x.mul(2).sum(), { verify: 2 })
  for (let i = 0; i < 4; i++) assert.is(await step(tensor([1, 2])).item(), 6)
  assert.is(step.counts.replayed, 3)
})

test('NaN in the gaps between parameters is no anomaly', async () => {
  nn.detectAnomaly(false)
  const poison = () => {
    for (const n of [16, 64, 256, 512]) scope(() => [full([n], NaN), full([n], NaN)].length)
  }
  for (const [inputs, outputs] of [
    [3, 3],
    [8, 7],
    [7, 7],
  ]) {
    const layer = new nn.Linear(inputs, outputs)
    const optimizer = new nn.SGD(layer.parameters())
    const x = keep(rand([4, inputs]))
    const run = () => scope(() => layer.forward(x).square().sum().backward())
    for (let i = 0; i < 4; i++) {
      poison()
      run()
    }
    nn.detectAnomaly()
    run()
    await x.data()
    optimizer.step()
    assert.is(await message(layer.weight.data()), 'no error')
    nn.detectAnomaly(false)
  }
})

test('a read that is not done when it is switched off gives its numbers', async () => {
  const y = log(tensor([-1]))
  const pending = y.data()
  nn.detectAnomaly(false)
  assert.ok(Number.isNaN((await pending)[0]))
})

test('a sound training is left alone, and ends with the same bits', async () => {
  const train = async (on: boolean) => {
    manualSeed(5)
    const model = new nn.Sequential(new nn.Linear(6, 4), new nn.Tanh(), new nn.Linear(4, 6))
    nn.detectAnomaly(on)
    const optimizer = new nn.Adam(model.parameters())
    for (let i = 0; i < 5; i++) {
      const x = rand([8, 6])
      optimizer.zeroGrad()
      mseLoss(model.forward(x), x).backward()
      optimizer.step()
    }
    return Promise.all(model.parameters().map(p => p.data()))
  }
  assert.equal(await train(true), await train(false))
})

test.run()
