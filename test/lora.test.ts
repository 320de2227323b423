/** Frozen parameters, and low-rank adapters. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  add,
  compile,
  conv2d,
  grad,
  io,
  keep,
  linear,
  manualSeed,
  matmul,
  mseLoss,
  mul,
  nn,
  rand,
  randn,
  shutdown,
  type Tensor,
} from '../src/node.js'
import { gpu } from './gpu.js'
import { python, runTorch, withoutTorch } from './torch.js'

test.before(gpu)
test.after(shutdown)

const net = () =>
  new nn.Sequential(new nn.Linear(6, 5), new nn.Tanh(), new nn.Linear(5, 4), new nn.ReLU())

const convolutions = () =>
  new nn.Sequential(
    new nn.Conv2d(2, 6, [3, 2], { stride: 2, padding: 1, dilation: [1, 2] }),
    new nn.ReLU(),
    new nn.Conv2d(6, 4, 3, { groups: 2, padding: 1, bias: false }),
  )

const bytes = async (model: nn.Module<unknown>) =>
  Buffer.from(io.encodeSafetensors(await io.toHost(model.stateDict()))).toString('base64')

async function largest(a: Tensor, b: Tensor): Promise<number> {
  const [x, y] = [await a.data(), await b.data()]
  assert.equal(a.shape, b.shape)
  return Math.max(0, ...Array.from(x, (value, i) => Math.abs(value - y[i])))
}

/** Trains on noise, and returns the losses. */
async function trained(model: nn.Module, x: Tensor, optimizer: nn.Optimizer, steps = 5) {
  const losses: number[] = []
  const target = rand(model.forward(x).shape)
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad()
    const loss = mseLoss(model.forward(x), target)
    loss.backward()
    optimizer.step()
    losses.push(await loss.item())
  }
  return losses
}

test('freeze takes the beginning of a name, a star, or an expression, and says what it found', () => {
  const model = new nn.Sequential(net(), new nn.Linear(4, 2))
  assert.equal(nn.freeze(model, '0.2'), ['0.2.weight', '0.2.bias'])
  assert.equal(nn.freeze(model, '*.bias'), ['0.0.bias', '0.2.bias', '1.bias'])
  assert.equal(nn.unfreeze(model, /^0\.\d\.bias$/g), ['0.0.bias', '0.2.bias'])
  assert.equal(
    model.namedParameters().map(([name]) => name),
    ['0.0.weight', '0.0.bias', '0.2.bias', '1.weight'],
  )
  assert.equal(nn.unfreeze(model, '*').length, 6)
})

test('a pattern without a parameter names the nearest', () => {
  const model = net()
  assert.throws(
    () => nn.freeze(model, '0.wieght'),
    /^freeze: no parameter is called '0\.wieght'; near are 0\.weight, .*2\.weight/,
  )
  assert.throws(() => nn.unfreeze(model, /norm/), /unfreeze: no parameter is called \/norm\/; near/)
  assert.throws(() => nn.freeze(model, '1'), /no parameter is called '1'/)
  assert.throws(() => nn.freeze(model, ''), /the pattern is ''; it must be/)
  assert.throws(() => nn.freeze(model.parameters() as never, '0'), /got an array .*where a module/)
  assert.throws(() => nn.freeze(new nn.ReLU(), '0'), /there is no parameter/)
})

test('backward, optimizers and compiled steps skip what is frozen, also in between', async () => {
  manualSeed(1)
  const model = net()
  const optimizer = new nn.Adam(model.parameters(), { lr: 0.1, weightDecay: 0.1 })
  const [x, target] = [keep(randn([3, 6])), keep(rand([3, 4]))]
  const step = compile(() => {
    optimizer.zeroGrad()
    mseLoss(model.forward(x), target).backward()
    optimizer.step()
  })
  const values = async () =>
    Promise.all(model.namedTensors().map(async ([, t]) => `${await t.data()}`))
  const changed = async () => {
    const before = await values()
    for (let i = 0; i < 3; i++) step()
    const after = await values()
    return before.map((value, i) => value !== after[i])
  }
  assert.equal(await changed(), [true, true, true, true])
  nn.freeze(model, '0')
  assert.equal(await changed(), [false, false, true, true])
  assert.is(model.namedTensors()[0][1].grad, null)
  nn.unfreeze(model, '0.bias')
  assert.equal(await changed(), [false, true, true, true])
})

for (const [kind, make, shape] of [
  ['Linear', net, [3, 6]],
  ['Conv2d', convolutions, [2, 2, 9, 8]],
] as const) {
  test(`${kind}: an adapter changes nothing at first`, async () => {
    const model = make()
    const x = randn(shape)
    const before = await model.forward(x).data()
    nn.lora(model, { rank: 2, alpha: 16 })
    assert.equal(await model.forward(x).data(), before)
  })

  test(`${kind}: training changes A and B alone; merged is unmerged, and back`, async () => {
    manualSeed(2)
    const model = make()
    const x = randn(shape)
    const base = await bytes(model)
    const lora = nn.lora(model, { rank: 2, alpha: 4 })
    assert.is(model.parameters().length, 0)
    const losses = await trained(model, x, new nn.Adam(lora.parameters(), { lr: 0.05 }), 20)
    assert.ok(losses.at(-1)! < losses[0], `${losses}`)
    assert.is(await bytes(model), base)
    for (const t of lora.parameters()) assert.ok((await t.abs().sum().item()) > 0.01)

    const apart = model.forward(x)
    assert.ok(!lora.merged)
    lora.merge().merge()
    assert.ok(lora.merged)
    const merged = model.forward(x)
    assert.ok((await largest(merged, apart)) < 1e-5)
    assert.is.not(await bytes(model), base)
    lora.unmerge().unmerge()
    assert.is(await largest(model.forward(x), apart), 0)
    assert.is(await bytes(model), base)
  })

  test(`${kind}: a compiled step trains an adapter to the same bytes`, async () => {
    const run = async (enabled: boolean) => {
      manualSeed(3)
      const model = make()
      const lora = nn.lora(model, { rank: 2 })
      const optimizer = new nn.Adam(lora.parameters(), { lr: 0.05 })
      const x = keep(randn(shape))
      const step = compile(
        () => {
          optimizer.zeroGrad()
          model.forward(x).square().mean().backward()
          optimizer.step()
        },
        { enabled },
      )
      for (let i = 0; i < 6; i++) step()
      return io.encodeSafetensors(await io.toHost(lora.stateDict()))
    }
    assert.equal(await run(true), await run(false))
  })
}

const layers = {
  Linear: { make: () => new nn.Linear(5, 4), shape: [3, 5], stride: [1, 1], padding: [0, 0] },
  Conv2d: {
    make: () => new nn.Conv2d(2, 6, [3, 2], { stride: [2, 1], padding: [1, 0] }),
    shape: [2, 2, 7, 6],
    stride: [2, 1],
    padding: [1, 0],
  },
} as const

/** A layer whose A and B are both random, and its inputs. */
async function prepared(kind: keyof typeof layers) {
  manualSeed(4)
  const { make, shape } = layers[kind]
  const layer = make()
  const lora = nn.lora(layer, { rank: 3, alpha: 6 })
  const [a, b] = lora.parameters()
  nn.init.normal(b)
  const [x, dy] = [randn(shape), randn(layer.forward(randn(shape)).shape)]
  const y = layer.forward(x)
  const names = Object.keys(lora.stateDict())
  return { layer, a, b, x, dy, y, names, gradients: grad(y, [a, b], { dy }) }
}

test('gradients are those of the changed weight, written with other operations', async () => {
  for (const kind of ['Linear', 'Conv2d'] as const) {
    const { layer, a, b, x, dy, y, gradients, names } = await prepared(kind)
    assert.equal(names, ['lora_A.weight', 'lora_B.weight'])
    const change = mul(matmul(b.reshape([b.shape[0], -1]), a.reshape([a.shape[0], -1])), 2)
    const w = add(layer.weight, change.reshape(layer.weight.shape))
    const other =
      layer instanceof nn.Linear
        ? linear(x, w, layer.bias)
        : conv2d(x, w, layer.bias, layer.options)
    assert.ok((await largest(y, other)) < 1e-5, kind)
    for (const [i, g] of grad(other, [a, b], { dy }).entries())
      assert.ok((await largest(g, gradients[i])) < 1e-4, kind) // sums of up to 84 terms
  }
})

const program = `
import json, sys, torch
import torch.nn.functional as F
given = json.load(sys.stdin)
t = {k: torch.tensor(v, dtype=torch.float64) for k, v in given['tensors'].items()}
a, b = t['a'].requires_grad_(), t['b'].requires_grad_()
if given['kind'] == 'Linear':
    y = F.linear(t['x'], t['weight'], t['bias']) + 2 * F.linear(F.linear(t['x'], a), b)
else:
    how = dict(stride=given['stride'], padding=given['padding'])
    y = F.conv2d(t['x'], t['weight'], t['bias'], **how) + 2 * F.conv2d(F.conv2d(t['x'], a, **how), b)
y.backward(t['dy'])
print(json.dumps([v.detach().flatten().tolist() for v in (y, a.grad, b.grad)]))
`

test('outputs and gradients are PyTorch’s, in double precision', async () => {
  if (!python) return withoutTorch('low-rank adapters against PyTorch')
  for (const kind of ['Linear', 'Conv2d'] as const) {
    const { layer, a, b, x, dy, y, gradients } = await prepared(kind)
    const { weight, bias } = layer
    const tensors: Record<string, unknown> = {}
    for (const [name, t] of Object.entries({ a, b, x, dy, weight, bias: bias! }))
      tensors[name] = await t.array()
    const { stride, padding } = layers[kind]
    const theirs = runTorch<number[][]>(program, { kind, tensors, stride, padding })
    for (const [i, ours] of [y, ...gradients].entries()) {
      const data = await ours.data()
      const errors = theirs[i].map((value, j) => Math.abs(value - data[j]))
      assert.is(data.length, theirs[i].length)
      assert.ok(Math.max(...errors) < 2e-5, `${kind} ${i}: ${Math.max(...errors)}`)
    }
  }
})

test('the state has the factors alone, by names that a model of the same layers takes', async () => {
  const [one, other] = [net(), net()]
  other.loadStateDict(one.stateDict())
  const options = { rank: 2, alpha: 1, pattern: '2' }
  const [lora, second] = [nn.lora(one, options), nn.lora(other, options)]
  assert.equal(lora.layers, ['2'])
  await trained(one, randn([3, 6]), new nn.SGD(lora.parameters(), { lr: 0.5 }))
  const state = lora.stateDict()
  assert.equal(
    Object.entries(state).map(([name, { shape }]) => [name, shape]),
    [
      ['2.lora_A.weight', [2, 5]],
      ['2.lora_B.weight', [4, 2]],
    ],
  )
  const x = randn([3, 6])
  const expected = one.forward(x)
  second.loadStateDict(state)
  assert.is(await largest(other.forward(x), expected), 0)
  second.loadStateDict(second.merge().stateDict())
  assert.ok(second.merged && (await largest(other.forward(x), expected)) < 1e-5)
  assert.throws(
    () => second.loadStateDict({ '2.lora_A.weight': randn([3, 5]) }),
    /lora: loadStateDict: missing: 2\.lora_B\.weight; another shape .*\[3, 5\].*nothing was changed/,
  )
})

test('a removed adapter leaves the model, or the sum after merge', async () => {
  const model = net()
  const x = randn([3, 6])
  const base = await model.forward(x).data()
  const lora = nn.lora(model, { rank: 1 })
  assert.throws(() => nn.lora(model, { rank: 1 }), /0 has an adapter already; .*remove\(\)/)
  await trained(model, x, new nn.SGD(lora.parameters(), { lr: 0.5 }))
  const sum = model.forward(x)
  lora.remove()
  assert.equal(await model.forward(x).data(), base)
  const again = nn.lora(model, { rank: 1, pattern: /2/ })
  again.loadStateDict(
    Object.fromEntries(Object.entries(lora.stateDict()).filter(([name]) => name.startsWith('2'))),
  )
  again.merge().remove()
  const first = nn.lora(model, { rank: 1, pattern: '0' })
  first.loadStateDict(
    Object.fromEntries(Object.entries(lora.stateDict()).filter(([name]) => name.startsWith('0'))),
  )
  first.merge().remove()
  assert.ok((await largest(model.forward(x), sum)) < 1e-5)
  assert.is(nn.unfreeze(model, '*').length, 4)
})

test('it refuses wrong ranks, names, groups, and weights that two layers share', () => {
  assert.throws(() => nn.lora(net(), { rank: 0 }), /lora: rank is 0; it must be a whole number/)
  assert.throws(() => nn.lora(net(), { rank: 1, alpha: Number.NaN }), /alpha is NaN/)
  assert.throws(() => nn.lora(net(), { rank: 1, r: 2 } as never), /there is no option r/)
  assert.throws(() => nn.lora(new nn.ReLU(), { rank: 1 }), /there is no Linear or Conv2d/)
  assert.throws(
    () => nn.lora(net(), { rank: 1, pattern: '1' }),
    /no Linear or Conv2d is called '1'; near are 0, 2/,
  )
  assert.throws(() => nn.lora(convolutions(), { rank: 3 }), /2 has 2 groups, rank is 3; .*divide/)
  class Tied extends nn.Module {
    readonly table = new nn.Embedding(4, 3)
    readonly out = new nn.Linear(3, 4)
    constructor() {
      super()
      Object.assign(this.out, { weight: this.table.weight })
    }
    forward(x: Tensor): Tensor {
      return this.out.forward(x)
    }
  }
  assert.throws(() => nn.lora(new Tied(), { rank: 1 }), /the weight of table belongs to 2 modules/)
})

test('an adapter works inside of layers that call others, and as a part of a checkpoint', async () => {
  const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, dropout: 0 })
  const x = randn([4, 3, 8])
  const before = await layer.forward(x).data()
  const lora = nn.lora(layer, { rank: 2 })
  assert.equal(lora.layers, ['self_attn.out_proj', 'linear1', 'linear2'])
  assert.equal(await layer.forward(x).data(), before)
  for (const b of lora.parameters()) nn.init.normal(b)
  for (const g of grad(layer.forward(x).square().sum(), lora.parameters()))
    assert.ok((await g.abs().sum().item()) > 0)
  const saved = await io.encodeCheckpoint({ lora })
  const output = layer.forward(x)
  for (const b of lora.parameters()) nn.init.zeros(b)
  await io.decodeCheckpoint(saved, { lora })
  assert.is(await largest(layer.forward(x), output), 0)
})

test('where one layer cannot have an adapter, none has one', async () => {
  const model = new nn.Sequential(new nn.Conv2d(2, 4, 1), new nn.Conv2d(4, 4, 1, { groups: 4 }))
  const x = rand([1, 2, 3, 3])
  const before = await model.forward(x).data()
  assert.throws(() => nn.lora(model, { rank: 2 }), /^lora: 1 has 4 groups, rank is 2/)
  const adapter = nn.lora(model, { rank: 4 })
  for (const t of adapter.parameters()) nn.init.constant(t, 1)
  adapter.remove()
  assert.equal(await model.forward(x).data(), before)
})

test('adapters that were removed change nothing any more', async () => {
  const model = new nn.Sequential(new nn.Linear(3, 2))
  const adapter = nn.lora(model, { rank: 1 })
  for (const t of adapter.parameters()) nn.init.constant(t, 1)
  adapter.merge().remove()
  const weight = await model.stateDict()['0.weight'].data()
  assert.throws(() => adapter.merge(), /^lora: merge: these adapters were removed; make new ones/)
  assert.equal(await model.stateDict()['0.weight'].data(), weight)
})

test.run()
