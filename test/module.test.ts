/** Modules beside their computations: hooks, lists, names, freezing, and the summary. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  compile,
  grad,
  keep,
  manualSeed,
  memory,
  models,
  mul,
  nn,
  noGrad,
  ones,
  rand,
  randn,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.js'
import { launchCounts } from '../src/kernels/launch.js'
import { poolCounts } from '../src/kernels/pool.js'
import { gpu } from './gpu.js'

test.before(gpu)

const net = () => new nn.Sequential(new nn.Linear(4, 3), new nn.ReLU(), new nn.Linear(3, 2))

test('a hook sees inputs and output of every call, also inside a Sequential', async () => {
  const model = net()
  const seen: [Tensor[], Tensor][] = []
  const hook = model.at(1).registerForwardHook((module, inputs, output) => {
    assert.is(module, model.at(1))
    seen.push([inputs, output])
  })
  const x = rand([5, 4])
  const y = model.forward(x)
  assert.is(seen.length, 1)
  assert.equal(seen[0][0][0].shape, [5, 3])
  assert.equal(await seen[0][1].data(), await seen[0][0][0].relu().data())
  assert.equal(y.shape, [5, 2])
  hook.remove()
  model.forward(x)
  assert.is(seen.length, 1)
})

test('a hook’s result replaces the output, and later hooks see it', async () => {
  const layer = new nn.Identity()
  layer.registerForwardHook((_module, _inputs, y) => mul(y, 2))
  layer.registerForwardHook((_module, _inputs, y) => y.add(1))
  assert.equal([...(await layer.forward(tensor([1, 2])).data())], [3, 5])
})

test('a pre-hook’s result replaces the inputs, one tensor or several', async () => {
  class Difference extends nn.Module {
    forward(a: Tensor, b: Tensor): Tensor {
      return a.sub(b)
    }
  }
  const layer = new Difference()
  layer.registerForwardPreHook((_module, [a, b]) => [b, a])
  assert.equal([...(await layer.forward(tensor([1, 2]), tensor([5, 5])).data())], [4, 3])
  const identity = new nn.Identity()
  identity.registerForwardPreHook((_module, [x]) => x.neg())
  assert.equal([...(await identity.forward(tensor([1, 2])).data())], [-1, -2])
})

test('a hook’s result passes gradients', async () => {
  const layer = new nn.Identity()
  layer.registerForwardHook((_module, _inputs, y) => y.mul(3))
  const x = ones([2], { requiresGrad: true })
  layer.forward(x).sum().backward()
  assert.equal([...(await x.grad!.data())], [3, 3])
})

test('a module without hooks has no forward of its own', () => {
  const layer = new nn.ReLU()
  const own = () => Object.getOwnPropertyDescriptor(layer, 'forward')
  const [first, second] = [
    layer.registerForwardPreHook(() => undefined),
    layer.registerForwardHook(() => undefined),
  ]
  assert.ok(own())
  first.remove()
  first.remove()
  assert.ok(own())
  second.remove()
  assert.is(own(), undefined)
})

test('a hook may remove itself, and an instance’s own forward is restored', async () => {
  const layer = new nn.Identity()
  layer.forward = x => x.mul(10)
  let calls = 0
  const hook = layer.registerForwardHook(() => {
    calls++
    hook.remove()
  })
  layer.forward(ones([1]))
  assert.is(await layer.forward(ones([1])).item(), 10)
  assert.is(calls, 1)
})

test('a ModuleList is indexed, iterated and appended to, and names its members by position', () => {
  class Tower extends nn.Module {
    readonly floors = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 3)])
    forward(x: Tensor): Tensor {
      let y = x
      for (const floor of this.floors) y = floor.forward(y)
      return y
    }
  }
  const tower = new Tower()
  tower.floors.append(new nn.Linear(3, 1, { bias: false }))
  assert.equal(Object.keys(tower.stateDict()), [
    'floors.0.weight',
    'floors.0.bias',
    'floors.1.weight',
    'floors.1.bias',
    'floors.2.weight',
  ])
  const { floors } = tower
  assert.is(floors.length, 3)
  assert.is(floors[1], floors.at(-2))
  assert.equal([...floors], [floors[0], floors[1], floors[2]])
  assert.equal(tower.forward(ones([4, 2])).shape, [4, 1])
  assert.throws(() => floors.at(3), /ModuleList: there is no position 3; it has 3 modules/)
  assert.throws(() => floors.forward(), /a list has no forward/)
})

test('a ModuleDict has modules by name, which are the names of their tensors', () => {
  const heads = new nn.ModuleDict({ digits: new nn.Linear(2, 10), isOdd: new nn.Linear(2, 1) })
  assert.equal(Object.keys(heads.stateDict()), [
    'digits.weight',
    'digits.bias',
    'isOdd.weight',
    'isOdd.bias',
  ])
  assert.equal(heads.get('isOdd').forward(ones([3, 2])).shape, [3, 1])
  heads.set('digits', new nn.Linear(2, 5))
  assert.equal([heads.size, [...heads.keys()], heads.has('other')], [2, ['digits', 'isOdd'], false])
  assert.is([...heads][0][1], heads.get('digits'))
  assert.throws(() => heads.get('odd' as 'isOdd'), /no module 'odd'; it has digits,isOdd/)
  assert.throws(() => heads.forward(), /a dict has no forward/)
  assert.throws(() => heads.set('a.b' as 'digits', new nn.Linear(1, 1)), /a word without a dot/)
})

test('a module takes several inputs of any kind, and returns several', async () => {
  class Mixture extends nn.Module<{ y: Tensor; parts: Tensor[] }> {
    readonly weight = nn.parameter(ones([2]))
    readonly scale = this.registerBuffer('scale', ones([]))
    readonly cached = this.registerBuffer('cached', zeros([3]), { persistent: false })

    forward(xs: Tensor[], { factor }: { factor: number }, bias?: Tensor) {
      const parts = xs.map(x => x.mul(this.weight).mul(factor).mul(this.scale))
      const y = parts.reduce((a, b) => a.add(b))
      return { y: bias ? y.add(bias) : y, parts }
    }
  }
  class Pair extends nn.Module {
    readonly mixture = new Mixture()

    forward(x: Tensor): Tensor {
      return this.mixture.forward([x, x], { factor: 3 }, ones([2])).y
    }
  }
  const pair = new Pair()
  const y = pair.forward(ones([2]))
  y.sum().backward()
  assert.equal([...(await y.data())], [7, 7])
  assert.equal([...(await pair.mixture.weight.grad!.data())], [6, 6])
  assert.equal(Object.keys(pair.stateDict()), ['mixture.weight', 'mixture.scale'])
  assert.equal(pair.parameters(), [pair.mixture.weight])
  assert.match(pair.summary([2]), /mixture +Mixture +\[2\], \[2\], \[2\] +2/)
  const step = compile((x: Tensor) => pair.forward(x))
  assert.equal([...(await step(ones([2])).data()), ...(await step(ones([2])).data())], [7, 7, 7, 7])
})

test('running statistics of instance norm are in its state, and used in evaluation', async () => {
  manualSeed(2)
  const layer = new nn.InstanceNorm2d(3, { trackRunningStats: true, momentum: null })
  const x = randn([2, 3, 4, 4])
  layer.forward(x)
  assert.equal(Object.keys(layer.stateDict()), [
    'running_mean',
    'running_var',
    'num_batches_tracked',
  ])
  const seen = [layer.runningMean!, x.mean([0, 2, 3])].map(t => t.data())
  const [got, want] = await Promise.all(seen)
  assert.ok(got.every((v, i) => Math.abs(v - want[i]) < 1e-6))
  layer.eval()
  assert.not.equal(await layer.forward(x).data(), await layer.train().forward(x).data())
})

test('Dropout2d leaves out whole channels', async () => {
  manualSeed(1)
  const y = await new nn.Dropout2d(0.5).forward(ones([8, 4, 3, 3])).data()
  const channels = Array.from({ length: 32 }, (_, i) => new Set(y.slice(9 * i, 9 * i + 9)))
  assert.ok(channels.every(values => values.size === 1))
  assert.equal([...new Set(y)].sort(), [0, 2])
  assert.throws(() => new nn.Dropout2d().forward(ones([2, 3])), /Dropout2d: x is \[2, 3\]; it must/)
})

test('attention drops weights in training only, and says what does not fit', async () => {
  const layer = new nn.MultiheadAttention(4, 2, { dropout: 0.5, batchFirst: true })
  const x = randn([2, 3, 4])
  const once = async () => [...(await layer.forward(x, x, x, { needWeights: false })[0].data())]
  assert.not.equal(await once(), await once())
  layer.eval()
  assert.equal(await once(), await once())
  assert.throws(() => new nn.MultiheadAttention(5, 2), /5 features in 2 heads; heads must divide/)
  assert.throws(
    () => layer.forward(x, randn([2, 3, 5])),
    /query, key and value are \[2, 3, 4\], \[2, 3, 5\], \[2, 3, 5\]; they are \[n, length, 4\]/,
  )
  assert.throws(
    () => layer.forward(x, x, x, { attnMask: ones([2, 2]) }),
    /attnMask is \[2, 2\] f32; it must be bool or f32 of \[3, 3\] or \[4, 3, 3\]/,
  )
})

test('recurrent layers say what does not fit', () => {
  const lstm = new nn.LSTM(3, 2)
  const h = zeros([1, 4, 2])
  assert.throws(() => lstm.forward(zeros([5, 4, 2])), /LSTM: x is \[5, 4, 2\]; it must be \[length/)
  assert.throws(() => lstm.forward(zeros([5, 4, 3]), h as never), /the state is Tensor.*a pair/)
  assert.throws(
    () => lstm.forward(zeros([5, 4, 3]), [h, zeros([4, 2])]),
    /the state is \[1, 4, 2\],\[4, 2\]; it must be \[1, 4, 2\]/,
  )
  assert.throws(() => new nn.GRU(3, 0), /GRU: 3 to 0 features in 1 layers/)
  const x = zeros([5, 4, 3])
  const whole = zeros([1, 4, 2], { dtype: 'i32' })
  assert.throws(() => new nn.GRU(3, 2).forward(x, whole), /gru: .*i32/)
  assert.throws(() => new nn.RNN(3, 2).forward(x, 0 as never), /RNN: .*0/)
  const gru = new nn.GRU(3, 2)
  Object.assign(gru, { weight_hh_l0: zeros([6, 3]) })
  assert.throws(() => gru.forward(x), /gru: .*weight_hh is \[6, 3\].*the states are \[4, 2\]/)
  const cell = new nn.LSTMCell(3, 2)
  assert.throws(
    () => cell.forward(zeros([4, 2])),
    /LSTMCell: x is \[4, 2\]; it must be \[n, 3\] or/,
  )
  assert.throws(
    () => cell.forward(zeros([4, 3]), [zeros([4, 2]), zeros([2])]),
    /LSTMCell: the state is \[4, 2\],\[2\]; it must be \[4, 2\] twice/,
  )
  assert.throws(() => new nn.RNNCell(3, 2, { nonlinearity: 'tan' as 'tanh' }), /'tanh' or 'relu'/)
})

test('h and c of a cell end by themselves', async () => {
  const [h, c] = new nn.LSTMCell(3, 2).forward(ones([4, 3]))
  h.dispose()
  assert.is((await c.data()).length, 8)
})

test('a recurrent layer on an empty batch has gradients of 0, which need none themselves', async () => {
  const lstm = new nn.LSTM(3, 2)
  lstm
    .forward(zeros([5, 0, 3]))[0]
    .sum()
    .backward()
  for (const p of lstm.parameters()) {
    assert.not(p.grad!.requiresGrad)
    assert.equal([...(await p.grad!.data())], new Array(p.size).fill(0))
  }
})

test('a Sequential is iterated and indexed', () => {
  const model = net()
  assert.is(model.length, 3)
  assert.is([...model][2], model.at(-1))
  assert.throws(() => model.at(3), /Sequential: there is no position 3; it has 3 layers/)
})

test('namedModules names parents before children, and a shared module once', () => {
  const shared = new nn.ReLU()
  const model = new nn.Sequential(shared, new nn.Sequential(shared, new nn.Tanh()))
  assert.equal(
    model.namedModules().map(([name]) => name),
    ['', '0', '1', '1.1'],
  )
  assert.is(model.modules()[1], shared)
})

test('apply visits children first', () => {
  const order: string[] = []
  const model = new nn.Sequential(new nn.Sequential(new nn.ReLU()), new nn.Tanh())
  assert.is(
    model.apply(module => order.push(module.constructor.name)),
    model,
  )
  assert.equal(order, ['ReLU', 'Sequential', 'Tanh', 'Sequential'])
})

test('a frozen layer stays in the state, counts as parameters, and is not trained', async () => {
  const model = net()
  const before = await model.stateDict()['0.weight'].data()
  model
    .forward(rand([5, 4]))
    .sum()
    .backward()
  model.at(0).requiresGrad(false)
  assert.is(model.numParameters(), 23)
  assert.is(model.numParameters({ trainable: true }), 8)
  assert.equal(Object.keys(model.stateDict()).length, 4)
  assert.equal(
    model.namedParameters().map(([name]) => name),
    ['2.weight', '2.bias'],
  )
  const optimizer = new nn.SGD(model.parameters(), { lr: 1 })
  model.zeroGrad()
  model
    .forward(rand([5, 4]))
    .sum()
    .backward()
  optimizer.step()
  assert.equal(await model.stateDict()['0.weight'].data(), before)
  model.requiresGrad()
  assert.is(model.parameters().length, 4)
})

test('a buffer is still a buffer after freezing', () => {
  class Scaled extends nn.Module {
    readonly factor = nn.parameter(ones([1]))
    readonly seen = keep(zeros([3]))
    forward(x: Tensor): Tensor {
      return x.mul(this.factor)
    }
  }
  const model = new Scaled().requiresGrad(false).requiresGrad(true)
  assert.equal(
    model.namedParameters().map(([name]) => name),
    ['factor'],
  )
  assert.is(model.numParameters(), 1)
})

test('a summary lists layers in the order of calls, with shapes and parameters', () => {
  assert.is(
    net().summary([5, 4]),
    [
      'input [5, 4]',
      'layer  type        output  parameters',
      '─'.repeat(37),
      '       Sequential  [5, 2]',
      '0      Linear      [5, 3]          15',
      '1      ReLU        [5, 3]',
      '2      Linear      [5, 2]           8',
      '─'.repeat(37),
      '23 parameters, 23 of them trainable; 92 bytes, buffers included',
    ].join('\n'),
  )
})

/** Everything that a dry run must not change. */
function traces() {
  const { tensors, bytes } = memory()
  return { launches: launchCounts(), pool: poolCounts(), tensors, bytes }
}

test('a summary runs no kernel, flushes no queue and allocates no memory', () => {
  const made = [
    [new models.MLPAutoencoder(), [32, 784]],
    [new models.ConvAutoencoder(), [32, 1, 28, 28]],
    [new models.VariationalAutoencoder(), [32, 1, 28, 28]],
    [new models.TextbookVAE(), [4096, 1, 28, 28]],
  ] as const
  const waiting = ones([3]).add(1) // stands in the queue
  const before = traces()
  for (const [model, shape] of made) model.summary(shape)
  assert.equal(traces(), before)
  assert.ok(waiting)
})

test('a summary’s shapes are those of a real pass', () => {
  const model = new models.VariationalAutoencoder()
  const shapes: string[] = []
  const note = (_module: unknown, _inputs: unknown, y: unknown): undefined => {
    shapes.push(
      [y as Tensor]
        .flat()
        .map(({ shape }) => `[${shape.join(', ')}]`)
        .join(', '),
    )
  }
  const hooks = model.modules().map(module => module.registerForwardHook(note))
  model.forward(zeros([2, 1, 28, 28]))
  for (const hook of hooks) hook.remove()
  const [, ...inner] = model.summary([2, 1, 28, 28]).split('\n').slice(3, -2)
  const listed = inner.map(line => line.match(/\[.*\]/)![0])
  assert.equal(listed.sort(), shapes.slice(0, -1).sort())
})

test('a summary does not change random numbers and cached constants', async () => {
  class Noisy extends nn.Module {
    forward(x: Tensor): Tensor {
      return x
        .add(randn(x.shape).mul(0))
        .mul(0.123_456)
        .add(tensor([0]))
    }
  }
  const model = new Noisy()
  manualSeed(11)
  const expected = await randn([4]).data()
  manualSeed(11)
  model.summary([2, 3])
  assert.equal(await randn([4]).data(), expected)
  assert.is(await model.forward(ones([1])).item(), Math.fround(0.123_456))
})

test('a summary does not change running statistics, counters and modes', async () => {
  class Counting extends nn.Module {
    readonly mean = keep(zeros([3]))
    last = keep(zeros([1]))
    calls = 0
    mask?: Tensor
    forward(x: Tensor): Tensor {
      nn.init.constant(this.mean, 7) // in place
      this.last = keep(x.sum()) // another tensor
      this.calls++
      this.mask ??= keep(ones(x.shape)) // made at the first call
      return x.mul(this.mask)
    }
  }
  const model = new Counting()
  const { last } = model
  const { version } = model.mean.storage
  model.summary([2, 3])
  assert.equal([...(await model.mean.data())], [0, 0, 0])
  assert.is(model.mean.storage.version, version)
  assert.is(model.last, last)
  assert.is(model.calls, 0)
  assert.not('mask' in model && model.mask)
  assert.is(
    await model
      .forward(ones([1, 2]))
      .sum()
      .item(),
    2,
  )
})

test('a summary takes several inputs, of any dtype', () => {
  class Choice extends nn.Module<Tensor[]> {
    forward(which: Tensor, a: Tensor): Tensor[] {
      return [a.mul(which.to('f32')), which]
    }
  }
  const text = new Choice().summary([[5, 1], [3]], { dtype: ['i32', 'f32'] })
  assert.match(text, /^input \[5, 1\] i32, \[3\]\n/)
  assert.match(text, /Choice {2}\[5, 3\], \[5, 1\] i32/)
  const words = new nn.Sequential(new nn.Embedding(9, 4), new nn.Dropout(), new nn.Flatten())
  assert.match(words.summary([2, 5], { dtype: 'i32' }), /^0 +Embedding +\[2, 5, 4\] +36$/m)
  assert.match(new nn.Identity().summary([7], { dtype: 'u32' }), /Identity {2}\[7\] u32/)
})

test('a summary shows repeated and missing calls, and counts shared weights once', () => {
  class Odd extends nn.Module {
    readonly twice = new nn.Linear(2, 2)
    readonly tied = new nn.ModuleList([new nn.Linear(2, 2)])
    readonly idle = new nn.Linear(9, 9, { bias: false })
    constructor() {
      super()
      Object.assign(this.tied[0], { weight: this.twice.weight })
    }
    forward(x: Tensor): Tensor {
      const y = this.twice.forward(this.twice.forward(x))
      return this.tied[0].forward(y)
    }
  }
  const text = new Odd().summary([4, 2])
  assert.match(text, /^twice +Linear +\[4, 2\] \(2 calls\) +6$/m)
  assert.match(text, /^tied\.0 +Linear +\[4, 2\] +2$/m)
  assert.match(text, /^idle +Linear +not called +81$/m)
  assert.not.match(text, /ModuleList/)
  assert.match(text, /^89 parameters, 89 of them trainable; 356 bytes/m)
  const frozen = net()
  frozen.at(0).requiresGrad(false)
  assert.match(frozen.summary([1, 4]), /^23 parameters, 8 of them trainable; 92 bytes/m)
})

test('an error in a layer names the layer, and the hooks are removed', () => {
  const model = new nn.Sequential(net(), new nn.Linear(9, 1))
  assert.throws(
    () => model.summary([5, 4]),
    /^summary: 1 \(Linear\): linear: x is \[5, 2\], weight is \[1, 9\]/,
  )
  assert.throws(() => model.summary([5, 3]), /^summary: 0\.0 \(Linear\): /)
  assert.throws(() => model.summary([5, -3]), /summary: shape is \[5, -3\]/)
  for (const module of model.modules())
    assert.not(Object.getOwnPropertyDescriptor(module, 'forward'))
})

test('nothing can be read in a summary, with or without await', async () => {
  class Curious extends nn.Module<unknown> {
    constructor(readonly look: (x: Tensor) => unknown) {
      super()
    }
    forward(x: Tensor): unknown {
      return this.look(x)
    }
  }
  const refused = (look: (x: Tensor) => unknown, why: RegExp) =>
    assert.throws(() => new Curious(look).summary([2, 2]), why)
  const unread = /^summary: .*a tensor was read .*it has only a shape/
  refused(x => x.data(), unread)
  refused(async x => (await x.sum().item()) > 0, unread)
  refused(x => {
    x.transpose().array().then(console.log)
    return x
  }, unread)
  refused(async x => x, /^summary: .*returned a promise/)
  assert.equal([...(await ones([2]).data())], [1, 1])
})

test('tensors of a summary’s pass are refused afterwards', () => {
  let caught: Tensor | undefined
  const model = new nn.Identity()
  const hook = model.registerForwardHook((_module, _inputs, y) => {
    caught = keep(y.add(1))
  })
  const before = traces()
  model.summary([3])
  assert.equal(traces(), before)
  hook.remove()
  assert.throws(() => caught!.mul(2), /this tensor was made in a dry run/)
})

test('a model’s own scopes and gradients work in a summary', () => {
  class Steep extends nn.Module {
    forward(x: Tensor): Tensor {
      const leaf = scope(() => x.mul(1))
      leaf.requiresGrad = true
      const [slope] = grad(leaf.mul(leaf).sum(), [leaf])
      return slope
    }
  }
  assert.match(new Steep().summary([3, 2]), /Steep {2}\[3, 2\]/)
})

test('tensors that forward keeps on the module are no state', async () => {
  class Encoder extends nn.Module {
    readonly inner = new nn.Linear(2, 3)
    readonly scale = nn.parameter(ones([1]))
    runningMean = keep(zeros([3]))
    h: Tensor | null = null
    declare seen: Tensor
    forward(x: Tensor): Tensor {
      this.h = this.inner.forward(x)
      this.seen = keep(ones([2])) // neither a result nor in a scope
      const mean = this.runningMean.add(this.h.mean(0)).detach()
      this.runningMean = keep(mean) // state, because it was state before
      return this.h.mul(this.scale)
    }
  }
  class Derived extends Encoder {
    override forward(x: Tensor): Tensor {
      return super.forward(x).relu()
    }
  }
  for (const model of [new Encoder(), new Derived()]) {
    const [old, count] = [model.stateDict(), model.numParameters()]
    const names = Object.keys(old)
    assert.equal(names, ['scale', 'running_mean', 'inner.weight', 'inner.bias'])
    for (const run of [model.forward, (x: Tensor) => noGrad(() => model.forward(x))]) {
      run.call(model, rand([4, 2]))
      assert.equal(Object.keys(model.stateDict()), names)
      assert.is(model.parameters().length, 3)
      assert.is(model.numParameters(), count)
      model.loadStateDict(old)
    }
    assert.equal(model.h?.shape, [4, 3])
  }
})

test('results are no state, wherever they are put', () => {
  const model = new nn.Linear(2, 3) as nn.Linear & { last?: Tensor; extra?: Tensor }
  model.registerForwardHook((_module, _inputs, y) => {
    model.last = y
  })
  model.forward(rand([4, 2]))
  model.extra = ones([1], { requiresGrad: true })
  assert.equal(Object.keys(model.stateDict()), ['weight', 'bias', 'extra'])
  assert.is(model.parameters().length, 3)
})

test('a buffer that is not persistent belongs to the module, but not to its state', async () => {
  class Masked extends nn.Module {
    readonly mask = this.registerBuffer('mask', tensor([0, 1]), { persistent: false })
    readonly count = this.registerBuffer('count', zeros([]))
    cache: Tensor | null = null
    forward(x: Tensor): Tensor {
      this.cache ??= this.registerBuffer('cache', ones([2]))
      return x.mul(this.mask)
    }
  }
  const model = scope(() => new Masked())
  const state = model.stateDict()
  assert.equal(Object.keys(state), ['count'])
  assert.equal([...(await model.forward(ones([2])).data())], [0, 1])
  assert.equal(Object.keys(model.stateDict()), ['count', 'cache'])
  model.loadStateDict(state, { strict: false })
  assert.equal(
    model.namedTensors().map(([name]) => name),
    ['mask', 'count', 'cache'],
  )
  assert.equal(model.parameters(), [])
  assert.throws(() => model.registerBuffer('forward', ones([1])), /registerBuffer: .*forward/)
  assert.throws(
    () => model.registerBuffer('other', ones([1], { requiresGrad: true }).mul(2)),
    /registerBuffer: other is Tensor .*a buffer has no gradient/,
  )
})

test('an error inside a Sequential says which layer threw it', () => {
  const inner = new nn.Sequential(new nn.ReLU(), new nn.Linear(5, 2))
  const model = new nn.Sequential(new nn.Linear(4, 3), inner)
  assert.throws(
    () => model.forward(randn([2, 4])),
    /linear: x is \[2, 3\].*\(layer 1 of a Sequential, Linear\) \(layer 1 of a Sequential, Sequential\)/,
  )
})

test.run()
