/** gradcheck, as a user meets it: it passes right rules and catches wrong ones. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  grad,
  gradcheck,
  gradgradcheck,
  manualSeed,
  mseLoss,
  mul,
  noGrad,
  rand,
  randn,
  record,
  type Tensor,
  tanh,
  tensor,
} from '../src/index.js'
import { gpu } from './gpu.js'

test.before(async () => {
  await gpu()
  manualSeed(1)
})

/** 3x, whose rule says that the derivative is `slope`. */
function triple(x: Tensor, slope: number): Tensor {
  return record(
    'triple',
    noGrad(() => mul(x, 3)),
    [[x, dy => mul(dy, slope)]],
  )
}

test('gradcheck passes a small network with several inputs', async () => {
  const [x, target] = [randn([5, 4]), randn([5, 3])]
  const result = await gradcheck(
    (W1, b1, W2) => mseLoss(tanh(x.linear(W1, b1)).matmul(W2), target, { reduction: 'none' }),
    [randn([6, 4]), randn([6]), randn([6, 3])],
  )
  assert.ok(result.ok)
  assert.ok(result.error < 5e-3)
})

test('gradcheck passes a rule of one’s own that is right', async () => {
  assert.ok((await gradcheck(x => triple(x, 3), [rand([7])])).ok)
})

test('gradcheck catches a rule that is wrong, with both numbers and the seed', async () => {
  const wrong = await gradcheck(x => triple(x, 3.1), [rand([7])], { seed: 5 }).catch(e => e)
  assert.instance(wrong, Error)
  assert.match(
    wrong.message,
    /gradcheck: by gradient -?\d.*, by difference -?\d.*; the error \d.* is above the tolerance 0.005 \(seed 5\)/,
  )
})

test('gradcheck catches one wrong element among many', async () => {
  const mask = tensor(Float32Array.from({ length: 20 }, (_, i) => (i === 7 ? 0 : 1)))
  const wrong = (x: Tensor) =>
    record(
      'copy',
      noGrad(() => mul(x, 1)),
      [[x, dy => mul(dy, mask)]],
    )
  const caught = await gradcheck(wrong, [rand([20])]).catch(e => e)
  assert.instance(caught, Error)
})

test('gradcheck leaves its inputs as they were', async () => {
  const x = tensor([1, 2], { requiresGrad: true })
  await gradcheck(t => t.mul(t), [x])
  assert.equal(await x.array(), [1, 2])
  assert.is(x.grad, null)
})

test('gradcheck checks gradients of gradients', async () => {
  const cube = (t: Tensor) => t.mul(t).mul(t)
  const slope = (t: Tensor) => grad(cube(t).sum(), t, { createGraph: true })
  await gradcheck(slope, [tensor([0.5, -1, 2])])
  const wrong = (t: Tensor) =>
    record(
      'slope',
      noGrad(() => t.mul(t).mul(3)),
      [[t, dy => mul(dy, t)]],
    )
  const error = await gradcheck(wrong, [tensor([0.5, -1, 2])]).catch(e => e)
  assert.match(error.message, /by gradient .* by difference/)
})

test('gradgradcheck speaks of itself', async () => {
  const x = tensor([0.3, -0.5, 0.8])
  const cube = (t: Tensor) => t.mul(t).mul(t)
  await gradgradcheck(cube, [x])
  const wrong = (t: Tensor) =>
    record(
      'cube',
      noGrad(() => cube(t)),
      [[t, dy => mul(dy, t.mul(t.detach()).mul(3))]],
    )
  const message = (...args: unknown[]): Promise<string> =>
    (gradgradcheck as (...args: unknown[]) => Promise<unknown>)(...args).then(
      String,
      e => e.message,
    )
  assert.match(await message(wrong, [x]), /^gradgradcheck: by gradient .*, by difference /)
  assert.match(await message(cube, []), /^gradgradcheck: no inputs; pass the tensors/)
  assert.match(await message(cube, [x], { epsilon: 1 }), /^gradgradcheck: there is no option/)
})

test('gradcheck without inputs says what to pass', async () => {
  const error = await gradcheck(() => tensor(1), []).catch(e => e)
  assert.match(error.message, /gradcheck: no inputs; pass the tensors that f is a function of/)
})

test.run()
