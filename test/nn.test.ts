import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  interpolate,
  manualSeed,
  mseLoss,
  nn,
  ones,
  rand,
  scope,
  shutdown,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)
test.after(shutdown) // gives back what a driver maps for every pipeline

const net = () => new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU(), new nn.Linear(3, 2))

test('a Sequential counts layers without parameters in its keys', () => {
  assert.equal(Object.keys(net().stateDict()), ['0.weight', '0.bias', '2.weight', '2.bias'])
})

test('a module prefixes the names of its children’s tensors', () => {
  class Pair extends nn.Module {
    readonly left = new nn.Linear(2, 2)
    readonly right = new nn.Linear(2, 2, { bias: false })
    forward(x: Tensor): Tensor {
      return this.right.forward(this.left.forward(x))
    }
  }
  assert.equal(
    new Pair().namedParameters().map(([name]) => name),
    ['left.weight', 'left.bias', 'right.weight'],
  )
})

test('a layer used twice is one parameter under two names', () => {
  const shared = new nn.Linear(3, 3, { bias: false })
  const model = new nn.Sequential(shared, new nn.ReLU(), shared)
  assert.equal(Object.keys(model.stateDict()), ['0.weight', '2.weight'])
  assert.is(model.parameters().length, 1)
})

test('a gradient of another shape is refused', () => {
  const p = zeros([2], { requiresGrad: true })
  p.grad = zeros([3])
  assert.throws(
    () => new nn.SGD([p]).step(),
    /step: the gradient of Tensor \[2\].* is Tensor \[3\]/,
  )
})

test('a state loaded into another model makes it compute the same', async () => {
  const [a, b] = [net(), net()]
  const x = rand([5, 4])
  b.loadStateDict(a.stateDict())
  assert.equal(await b.forward(x).data(), await a.forward(x).data())
})

test('a state that does not fit is refused with all reasons, and nothing is changed', async () => {
  const model = net()
  const before = await model.stateDict()['0.bias'].data()
  const { '2.bias': missing, ...rest } = net().stateDict()
  assert.throws(
    () => model.loadStateDict({ ...rest, '0.weight': zeros([3, 5]), extra: zeros([1]) }),
    (error: Error) =>
      /missing: 2\.bias/.test(error.message) &&
      /unexpected: extra/.test(error.message) &&
      /0\.weight \(is \[3, 5\] f32, wants \[3, 4\] f32\)/.test(error.message) &&
      !error.message.includes('\n'),
  )
  assert.equal(await model.stateDict()['0.bias'].data(), before)
  assert.ok(missing)
})

test('without strict, missing and unexpected keys are ignored', async () => {
  const model = net()
  model.loadStateDict({ '0.bias': tensor([1, 2, 3]), extra: zeros([1]) }, { strict: false })
  assert.equal([...(await model.stateDict()['0.bias'].data())], [1, 2, 3])
})

test('train and eval reach every child', () => {
  const model = new nn.Sequential(net(), new nn.Tanh())
  model.eval()
  assert.not(model.children()[0][1].children()[0][1].training)
  model.train()
  assert.ok(model.children()[0][1].children()[0][1].training)
})

test('initial weights depend only on the seed', async () => {
  manualSeed(7)
  const a = await net().stateDict()['2.weight'].data()
  manualSeed(7)
  assert.equal(await net().stateDict()['2.weight'].data(), a)
  manualSeed(8)
  assert.not.equal(await net().stateDict()['2.weight'].data(), a)
})

test('an optimizer does not change a parameter without a gradient', async () => {
  const [moved, still] = [ones([3], { requiresGrad: true }), ones([3], { requiresGrad: true })]
  const optimizer = new nn.Adam([moved, still], { lr: 0.1, weightDecay: 0.1 })
  moved.sum().backward()
  optimizer.step()
  assert.equal([...(await still.data())], [1, 1, 1])
  assert.ok((await moved.data())[0] < 1)
})

test('a learning rate changed between steps is used at the next step', async () => {
  const p = zeros([1], { requiresGrad: true })
  const optimizer = new nn.SGD([p], { lr: 1 })
  p.sum().backward()
  optimizer.step()
  optimizer.lr = 0.25
  optimizer.step()
  assert.is(await p.item(), -1.25)
})

test('optimizers refuse what they cannot train', () => {
  assert.throws(() => new nn.SGD([]), /SGD: no parameters; pass model\.parameters\(\)/)
  assert.throws(() => new nn.Adam([zeros([2])]), /Adam: Tensor \[2\] .* is no parameter/)
  const part = ones([8]).slice(0, { stop: 3 }) // a step would write past its end, in fours
  part.requiresGrad = true
  assert.throws(() => new nn.Adam([part]), /memory of its own/)
  const p = zeros([2], { requiresGrad: true })
  assert.throws(() => new nn.Adam([p, p]), /occurs twice/)
  p.sum().backward()
  assert.throws(() => new nn.Adam([p], { lr: -1 }).step(), /Adam: lr is -1/)
  assert.throws(() => new nn.SGD([p], { nesterov: true }), /nesterov with momentum 0/)
})

test('losses reduce as the option says', async () => {
  const [x, t] = [tensor([1, 2, 5]), tensor([1, 0, 1])]
  assert.is(await new nn.MSELoss({ reduction: 'sum' }).forward(x, t).item(), 20)
  assert.equal([...(await new nn.MSELoss({ reduction: 'none' }).forward(x, t).data())], [0, 4, 16])
})

test('layers refuse wrong arguments, with the numbers', () => {
  assert.throws(
    () => new nn.Linear(4, 2).forward(zeros([3, 5])),
    /linear: x is \[3, 5\], weight is \[2, 4\], bias is \[2\]; weight is \[out, in\]/,
  )
  assert.throws(() => new nn.Linear(4, 0), /Linear: 4 to 0 features/)
  assert.throws(
    () => mseLoss(zeros([2]), zeros([3])),
    /mseLoss: x is \[2\] and the target is \[3\]/,
  )
})

test('an image of four pixels is enlarged as PyTorch’s manual shows it', async () => {
  const x = tensor([1, 2, 3, 4]).reshape([1, 1, 2, 2])
  const enlarged = async (options: { mode?: 'bilinear'; alignCorners?: boolean }) => {
    const y = await new nn.Upsample({ scaleFactor: 2, ...options }).forward(x).data()
    return [...y.slice(0, 8)].map(value => Number(value.toFixed(4)))
  }
  assert.equal(await enlarged({}), [1, 1, 2, 2, 1, 1, 2, 2])
  assert.equal(await enlarged({ mode: 'bilinear' }), [1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5])
  assert.equal(
    await enlarged({ mode: 'bilinear', alignCorners: true }),
    [1, 1.3333, 1.6667, 2, 1.6667, 2, 2.3333, 2.6667],
  )
})

test('images and shapes that do not fit are refused, with the numbers', () => {
  const x = zeros([1, 2, 3, 3])
  assert.throws(
    () => interpolate(zeros([3, 3]), { size: 2 }),
    /x is \[3, 3\]; it must be \[n, c, h, w\]/,
  )
  assert.throws(
    () => interpolate(x, {}),
    /size is undefined and scaleFactor is undefined; give one/,
  )
  assert.throws(() => interpolate(x, { size: 2, scaleFactor: 2 }), /give one of them/)
  assert.throws(
    () => interpolate(x, { size: 2, mode: 'bicubic' as 'bilinear' }),
    /mode 'bicubic'; it is 'nearest' or 'bilinear'/,
  )
  assert.throws(() => interpolate(x, { size: 0 }), /size is 0; one whole number from 1 up/)
  assert.throws(
    () => interpolate(x, { scaleFactor: 0.3 }),
    /makes \[3, 3\] to \[0, 0\]; a pixel must be left/,
  )
  assert.throws(
    () => interpolate(x, { size: 6, alignCorners: true }),
    /alignCorners with mode 'nearest'/,
  )
  assert.throws(
    () => new nn.Unflatten(1, [2, 3]).forward(zeros([4, 7])),
    /Unflatten: dim 1 of \[4, 7\] to \[2, 3\]; the sizes must multiply to 7/,
  )
})

test('a small network learns exclusive or', async () => {
  manualSeed(3)
  const model = new nn.Sequential(
    new nn.Linear(2, 8),
    new nn.Tanh(),
    new nn.Linear(8, 1),
    new nn.Sigmoid(),
  )
  const optimizer = new nn.Adam(model.parameters(), { lr: 0.05 })
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])
  const y = tensor([[0], [1], [1], [0]])
  for (let i = 0; i < 300; i++) {
    scope(() => {
      optimizer.zeroGrad()
      mseLoss(model.forward(x), y).backward()
      optimizer.step()
    })
  }
  assert.ok((await mseLoss(model.forward(x), y).item()) < 0.01)
})

test.run()
