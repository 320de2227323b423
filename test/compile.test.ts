/** A compiled step does what the step does, bit for bit, and makes nothing while it does. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shutdown } from '../src/index.js'
import { launchCounts } from '../src/kernels/launch.js'
import { poolCounts } from '../src/kernels/pool.js'
import * as kg from '../src/node.js'
import { assign } from '../src/tensor/contiguous.js'
import { gpu } from './gpu.js'

const { nn, models } = kg

test.before(gpu)
test.after(shutdown) // gives back what a driver maps for every pipeline

type Step = (x: kg.Tensor) => kg.Tensor

/** A model of the tests: made from a seed, with its step and all that the step changes. */
interface Trained {
  step: Step
  state(): kg.Tensor[]
  after?(): void
}

const autoencoders: Record<string, () => Trained> = {
  mlp: () => {
    const model = new models.MLPAutoencoder()
    return trained(model, x => kg.mseLoss(model.forward(x.flatten(1)), x.flatten(1)))
  },
  conv: () => {
    const model = new models.ConvAutoencoder()
    return trained(model, x => kg.mseLoss(model.forward(x), x))
  },
  vae: () => {
    const model = new models.VariationalAutoencoder()
    return trained(model, x => {
      const [y, kld] = model.forward(x)
      return kg.add(kg.mseLoss(y, x), kld)
    })
  },
}

function trained(
  model: kg.nn.Module<unknown>,
  lossOf: Step,
  optimizer: kg.nn.Optimizer = new nn.Adam(model.parameters()),
  inside: () => void = () => {},
): Trained {
  return {
    step(x) {
      optimizer.zeroGrad()
      const loss = lossOf(x)
      loss.backward()
      inside()
      optimizer.step()
      return loss
    },
    state: () => [
      ...Object.values(model.stateDict()),
      ...Object.values(optimizer.stateDict().tensors),
      ...model.parameters().map(p => p.grad!),
    ],
  }
}

/** Runs a training twice from one seed, as it stands and compiled; every loss and all state must agree in every bit. */
async function agree(
  make: () => Trained,
  { steps = 20, inputs, verify }: { steps?: number; inputs: kg.Tensor[]; verify?: number },
): Promise<kg.CompiledStep<[kg.Tensor], kg.Tensor>> {
  let compiled: kg.CompiledStep<[kg.Tensor], kg.Tensor> | undefined
  const run = async (isCompiled: boolean) => {
    kg.manualSeed(3)
    const { step, state, after } = make()
    if (isCompiled) compiled = kg.compile(step, { verify })
    const losses: number[] = []
    for (let i = 0; i < steps; i++) {
      losses.push(await (isCompiled ? compiled! : step)(inputs[i % inputs.length]).item())
      after?.()
    }
    return { losses, state: await Promise.all(state().map(t => t.data())) }
  }
  const [plain, replayed] = [await run(false), await run(true)]
  assert.equal(replayed.losses, plain.losses)
  for (const [i, data] of plain.state.entries())
    assert.equal(
      new Uint32Array(data.buffer),
      new Uint32Array(replayed.state[i].buffer),
      `state ${i}`,
    )
  return compiled!
}

function images(...counts: number[]): kg.Tensor[] {
  kg.manualSeed(1)
  return counts.map(n => kg.rand([n, 1, 28, 28]))
}

for (const [name, make] of Object.entries(autoencoders))
  test(`100 steps of ${name} have the same bits compiled`, async () => {
    const { counts } = await agree(make, { steps: 100, inputs: images(4, 4) })
    assert.equal(counts, { recorded: 1, replayed: 99 })
  })

const small = () => kg.rand([6, 5])

const optimizers: Record<string, (p: kg.Tensor[]) => kg.nn.Optimizer> = {
  SGD: p => new nn.SGD(p, { lr: 0.1 }),
  'SGD with momentum': p => new nn.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true }),
  'Adam with amsgrad': p => new nn.Adam(p, { amsgrad: true, weightDecay: 0.1 }),
  AdamW: p => new nn.AdamW(p),
  RMSprop: p => new nn.RMSprop(p, { momentum: 0.5, centered: true }),
  Adagrad: p => new nn.Adagrad(p),
}

function net(): kg.nn.Sequential {
  return new nn.Sequential(
    new nn.Linear(5, 7),
    new nn.BatchNorm1d(7),
    new nn.Tanh(),
    new nn.Dropout(0.3),
    new nn.Linear(7, 2),
  )
}

for (const [name, optimizer] of Object.entries(optimizers))
  test(`${name}, dropout, batch norm, clipping and a scheduler go on in a compiled step`, async () => {
    const make = () => {
      const model = net()
      const adjusts = optimizer(model.parameters())
      const schedule = new nn.ExponentialLR(adjusts, { gamma: 0.9 })
      return trained(
        model,
        x => model.forward(x).square().mean(),
        adjusts,
        () => {
          nn.clipGradNorm(model.parameters(), 0.5)
          schedule.step()
        },
      )
    }
    kg.manualSeed(0)
    const { counts } = await agree(make, { inputs: [small(), small(), small()] })
    assert.is(counts.recorded, 1)
  })

for (const [name, optimizer] of Object.entries(optimizers).slice(1, 4))
  for (const inside of [true, false])
    test(`OneCycleLR ${inside ? 'in' : 'out'}side of a compiled step moves ${name}`, async () => {
      const make = () => {
        const model = net()
        const adjusts = optimizer(model.parameters())
        const schedule = new nn.OneCycleLR(adjusts, { maxLr: 0.3, totalSteps: 20 })
        const step = () => schedule.step()
        const lossOf = (x: kg.Tensor) => model.forward(x).square().mean()
        return {
          ...trained(model, lossOf, adjusts, inside ? step : undefined),
          after: inside ? undefined : step,
        }
      }
      const { counts } = await agree(make, { inputs: [small()] })
      assert.is(counts.recorded, 1)
    })

test('several optimizer steps in one compiled step, with a scheduler between them', async () => {
  for (const optimizer of Object.values(optimizers)) {
    const make = () => {
      const model = net()
      const adjusts = optimizer(model.parameters())
      const schedule = new nn.ExponentialLR(adjusts, { gamma: 0.5 })
      const plain = trained(
        model,
        x => model.forward(x).square().mean(),
        adjusts,
        () => {
          adjusts.step()
          schedule.step()
        },
      )
      return { ...plain, after: () => (adjusts.lr *= 1.5) }
    }
    const { counts } = await agree(make, { inputs: [small()], steps: 6 })
    assert.is(counts.recorded, 1)
    await agree(make, { inputs: [small()], steps: 6, verify: 3 })
  }
})

test('two optimizers on one parameter in a compiled step', async () => {
  const make = () => {
    const model = net()
    const first = new nn.SGD(model.parameters(), { lr: 0.1 })
    const lossOf: Step = x => model.forward(x).square().mean()
    return trained(model, lossOf, new nn.Adam(model.parameters()), () => first.step())
  }
  await agree(make, { inputs: [small()], steps: 6 })
})

test('a learning rate set outside reaches the replays', async () => {
  const make = () => {
    const model = net()
    const optimizer = new nn.SGD(model.parameters(), { lr: 0.1 })
    const plain = trained(model, x => model.forward(x).square().mean(), optimizer)
    return { ...plain, after: () => (optimizer.lr *= 0.7) }
  }
  const { counts } = await agree(make, { inputs: [small()] })
  assert.is(counts.recorded, 1)
})

test('gradients that are accumulated over steps', async () => {
  const make = () => {
    const model = new nn.Linear(5, 3)
    const optimizer = new nn.SGD(model.parameters(), { lr: 0.1 })
    let calls = 0
    return {
      step(x: kg.Tensor) {
        const loss = model.forward(x).square().mean()
        loss.backward()
        return loss
      },
      after() {
        if (++calls % 3) return
        optimizer.step()
        optimizer.zeroGrad()
      },
      state: () => Object.values(model.stateDict()),
    }
  }
  await agree(make, { inputs: [small(), small()] })
})

test('another shape, mode or frozen parameter is recorded anew; a known one is replayed', async () => {
  const model = net()
  const step = kg.compile((x: kg.Tensor) => model.forward(x).sum())
  step(small())
  step(kg.rand([3, 5]))
  step(small())
  assert.equal(step.counts, { recorded: 2, replayed: 1 })
  model.eval()
  const [a, b] = [await step(small().mul(0)).item(), await step(small().mul(0)).item()]
  assert.is(step.counts.recorded, 3)
  assert.is(a, b)
  assert.is(a, await model.forward(small().mul(0)).sum().item())
})

test('inputs with strides or an offset have the same bits compiled', async () => {
  kg.manualSeed(2)
  const [layer, table] = [new nn.Linear(8, 4), kg.randn([8, 9])]
  const step = (x: kg.Tensor) => [layer.forward(x), x.sum(0), x.square().mean(), x]
  const inputs = [
    kg.randn([8, 6]).transpose(),
    kg.randn([6, 1]).expand([6, 8]),
    kg.randn([1, 8]).expand([6, 8]),
    kg.randn([8, 6, 1]).permute([2, 1, 0]).squeeze(0),
    table.slice(0, { start: 1, stop: 7 }).slice(1, { start: 1 }),
    kg.randn([7, 8]).flatten().slice(0, { start: 3, stop: 51 }).reshape([6, 8]),
    kg.randn([0, 8]),
    kg.randn([8, 0]).transpose(),
  ]
  for (const verify of [0, 2]) {
    const compiled = kg.compile(step, { verify })
    for (const x of [...inputs, ...inputs.map(t => kg.mul(t, 1)), ...inputs])
      for (const [i, wanted] of step(x).entries())
        assert.equal(await bits(compiled(x)[i]), await bits(wanted), `${x} ${x.strides}: ${i}`)
    assert.ok(compiled.counts.replayed > 0)
  }
})

test('a strided input that is returned and handed on has the same bits compiled', async () => {
  kg.manualSeed(2)
  const start = kg.randn([8, 6])
  const step = (x: kg.Tensor) => [x, x.sum(0)]
  const compiled = kg.compile(step)
  let [x, y] = [start.transpose(), start.transpose()]
  for (let i = 0; i < 3; i++) {
    const [eager, replayed] = [step(x), compiled(y)]
    assert.equal(await bits(replayed[1]), await bits(eager[1]))
    ;[x, y] = [eager[0], replayed[0]]
  }
  assert.equal(compiled.counts, { recorded: 1, replayed: 2 })
})

test('hooks that are put on or removed between calls', async () => {
  const make = () => {
    const model = net()
    const hook = () => model.at(2).registerForwardHook((_module, _xs, y) => kg.mul(y, 2))
    let handle: kg.nn.HookHandle | undefined
    let calls = 0
    return {
      ...trained(model, x => {
        const inside = model.at(4).registerForwardPreHook((_module, [h]) => kg.add(h, 1))
        const loss = model.forward(x).square().mean()
        inside.remove()
        return loss
      }),
      after() {
        calls++
        if (calls % 3 === 0) handle?.remove()
        else if (calls % 3 === 1) handle = hook()
        if (calls > 9) model.summary([3, 5])
      },
    }
  }
  const { counts } = await agree(make, { inputs: [small()], steps: 15 })
  assert.equal(counts, { recorded: 10, replayed: 5 })
})

test('a parameter that is moved while it is frozen', async () => {
  const make = () => {
    const layer = new nn.Linear(5, 2)
    const optimizers = [0, 1].map(() => new nn.SGD(layer.parameters(), { lr: 0.1 }))
    let calls = 0
    return {
      step: (x: kg.Tensor) => layer.forward(x).sum(),
      state: () => layer.parameters(),
      after() {
        layer.requiresGrad()
        layer.weight.grad = kg.ones([2, 5])
        optimizers[calls++ % 2].step()
        layer.requiresGrad(false)
      },
    }
  }
  await agree(make, { inputs: [small()], steps: 6 })
})

test('views, and results of earlier calls, are inputs like others', async () => {
  const step = kg.compile((x: kg.Tensor) => kg.mul(x, 2))
  const x = kg.tensor([
    [1, 2],
    [3, 4],
  ])
  assert.equal(await step(x.transpose()).array(), [
    [2, 6],
    [4, 8],
  ])
  assert.equal(await step(x.transpose()).array(), [
    [2, 6],
    [4, 8],
  ])
  const y = step(step(step(x)))
  assert.equal(await y.array(), [
    [8, 16],
    [24, 32],
  ])
})

test('a step that returns its inputs may be given its own results', async () => {
  const fibonacci = kg.compile((a: kg.Tensor, b: kg.Tensor) => [kg.add(a, b), a])
  let [a, b] = [kg.tensor([1]), kg.tensor([0])]
  const numbers: number[] = []
  for (let i = 0; i < 6; i++) {
    ;[a, b] = fibonacci(a, b)
    numbers.push(await a.item())
  }
  assert.equal(numbers, [1, 2, 3, 5, 8, 13])

  const swap = kg.compile((a: kg.Tensor, b: kg.Tensor) => [b, kg.reshape(a, [1])])
  ;[a, b] = [kg.tensor([1]), kg.tensor([2])]
  for (let i = 0; i < 3; i++) {
    ;[a, b] = swap(a, b)
    assert.equal([await a.item(), await b.item()], i % 2 ? [1, 2] : [2, 1])
  }

  const twice = kg.compile((x: kg.Tensor) => [x, kg.mul(x, 2)])
  const first = twice(kg.tensor([1]))
  assert.is(await twice(twice(first[0])[0])[1].item(), 2)
})

test('a parameter that is returned is the parameter, wherever an optimizer moves it', async () => {
  const w = kg.tensor([1, 2], { requiresGrad: true })
  const step = kg.compile((x: kg.Tensor) => ({ y: kg.mul(x, 2), w, g: w.grad }))
  const first = step(kg.ones([2]))
  new nn.SGD([w])
  kg.keep(kg.full([2], 99))
  assert.equal([...(await first.w.data())], [1, 2])
  assert.equal([...(await step(kg.ones([2])).w.data())], [1, 2])
  new nn.SGD([w])
  assert.equal([...(await step(kg.ones([2])).w.data())], [1, 2])
  assert.equal(step.counts, { recorded: 1, replayed: 2 })
})

test('gradients that a compiled step adds to may be replaced between its calls', async () => {
  const events: Record<string, (w: kg.Tensor, call: number) => void> = {
    clipped: w => nn.clipGradValue([w], 0.5),
    scaled: w => nn.clipGradNorm([w], 0.5),
    set: (w, call) => {
      w.grad = kg.tensor([call, call])
    },
    'set to null': w => {
      w.grad = null
    },
    'all kinds': (w, call) => Object.values(events)[call % 4](w, call),
  }
  for (const [name, event] of Object.entries(events))
    for (const hasOptimizer of [false, true]) {
      const run = async (isCompiled: boolean) => {
        const w = kg.tensor([1, 2], { requiresGrad: true })
        if (hasOptimizer) new nn.SGD([w])
        const plain = (x: kg.Tensor) => {
          const loss = kg.mul(x, w).square().sum()
          loss.backward()
          return loss
        }
        const step = isCompiled ? kg.compile(plain) : plain
        const seen: number[][] = []
        for (let i = 0; i < 12; i++) {
          step(kg.tensor([i, 1]))
          if (i % 3 === 2) event(w, i)
          for (let j = 0; j < 3; j++) kg.keep(kg.full([2], 99))
          seen.push([...((await w.grad?.data()) ?? [])])
        }
        return seen
      }
      assert.equal(await run(true), await run(false), `${name}, optimizer: ${hasOptimizer}`)
    }
})

test('a step may make what it keeps at its first call: it is recorded again at the second', async () => {
  const make = () => {
    let layer: kg.nn.Linear | undefined
    let velocity: kg.Tensor | undefined
    return {
      step(x: kg.Tensor) {
        layer ??= new nn.Linear(5, 2)
        velocity ??= kg.keep(kg.zeros([2, 5]))
        layer.zeroGrad()
        const loss = layer.forward(x).square().sum()
        loss.backward()
        const [v, dw] = [velocity, layer.weight.grad!]
        kg.noGrad(() => {
          assign(v, kg.add(kg.mul(v, 0.9), dw))
          assign(layer!.weight, kg.sub(layer!.weight, kg.mul(v, 0.1)))
        })
        return loss
      },
      state: () => [layer!.weight, layer!.weight.grad!, velocity!],
    }
  }
  const { counts } = await agree(make, { inputs: [small()], steps: 6 })
  assert.equal(counts, { recorded: 2, replayed: 4 })
})

test('a result lives until the next call', async () => {
  const step = kg.compile((x: kg.Tensor) => ({ twice: kg.mul(x, 2), list: [kg.add(x, 1)] }))
  const first = step(kg.tensor([1]))
  const pending = first.twice.item()
  const second = step(kg.tensor([5]))
  assert.is(await pending, 2)
  assert.is(await second.twice.item(), 10)
  assert.is(await second.list[0].item(), 6)
  await rejects(
    first.twice.item(),
    /this tensor is gone: .* compiled step .* called again; .*clone/,
  )
  const copy = kg.keep(second.twice.clone())
  step(kg.tensor([7]))
  assert.is(await copy.item(), 10)
})

test('replays make no buffer, no bind group and one submit', async () => {
  const { step } = autoencoders.vae()
  const compiled = kg.compile(step)
  const [x] = images(8)
  for (let i = 0; i < 3; i++) compiled(x)
  const [pool, before] = [poolCounts(), launchCounts()]
  for (let i = 0; i < 50; i++) compiled(x)
  const after = launchCounts()
  assert.is(poolCounts().created, pool.created)
  assert.is(after.bindGroups, before.bindGroups)
  assert.is(after.submits - before.submits, 50)
})

test('steps that are recorded again and again use the buffers of those that were dropped', () => {
  const model = net()
  const optimizer = new nn.SGD(model.parameters(), { lr: 0.1 })
  const { step } = trained(model, x => model.forward(x).square().mean(), optimizer)
  const compiled = kg.compile(step)
  const all = Array.from({ length: 12 }, (_, n) => kg.rand([n + 2, 5]))
  const record = () => {
    for (const x of all) compiled(x)
  }
  for (let i = 0; i < 3; i++) record()
  const { buffers } = poolCounts()
  for (let i = 0; i < 20; i++) record()
  assert.is(compiled.counts.replayed, 0)
  assert.is(poolCounts().buffers, buffers)
})

test('disposing gives the memory back and keeps the gradients', async () => {
  const model = new nn.Linear(5, 3)
  const step = kg.compile((x: kg.Tensor) => {
    model.zeroGrad()
    const loss = model.forward(x).square().sum()
    loss.backward()
    return loss
  })
  const x = small()
  for (let i = 0; i < 3; i++) step(x)
  const before = await model.weight.grad!.data()
  step.dispose()
  for (let i = 0; i < 20; i++) kg.keep(kg.rand([3, 5]))
  assert.equal(await model.weight.grad!.data(), before)
})

test('a parameter that an optimizer has moved is read where it lies', async () => {
  const layer = new nn.Linear(3, 1, { bias: false })
  const step = kg.compile((x: kg.Tensor) => layer.forward(x).sum())
  const x = kg.ones([1, 3])
  const before = await step(x).item()
  for (let i = 1; i < 3; i++) {
    const optimizer = new nn.SGD(layer.parameters(), { lr: 1 })
    layer.weight.grad = kg.ones([1, 3])
    optimizer.step()
    assert.ok(Math.abs((await step(x).item()) - (before - 3 * i)) < 1e-5)
  }
})

test('after shutdown and init a step is recorded anew', async () => {
  const step = kg.compile((x: kg.Tensor) => {
    const w = kg.ones([3], { requiresGrad: true })
    const loss = kg.mul(x, w).sum()
    loss.backward()
    return loss
  })
  for (const _ of [1, 2]) {
    for (let i = 0; i < 3; i++) assert.is(await step(kg.ones([3])).item(), 3)
    kg.shutdown()
    await kg.init()
  }
  assert.is(step.counts.recorded, 2)
})

test('verify finds a number of JavaScript that changes, and nothing else', async () => {
  kg.manualSeed(5)
  const model = net()
  const optimizer = new nn.Adam(model.parameters())
  const good = kg.compile(trained(model, x => model.forward(x).square().mean(), optimizer).step, {
    verify: 3,
  })
  const x = small()
  for (let i = 0; i < 5; i++) await good(x).item()
  for (let i = 0; i < 20; i++) await good(x).item()

  for (const verify of [1, 2]) {
    let factor = 1
    const bad = kg.compile((t: kg.Tensor) => kg.mul(t, factor), { verify })
    bad(x)
    factor = 2
    const message = /compile: the replay differs from the step in result 0.*pass them as tensors/
    const wrong = bad(x)
    await rejects(wrong.data(), message)
    await x.data() // it is thrown once
  }
})

test('verify does not compare the gaps between parameters', async () => {
  const layers = new nn.Sequential(new nn.Conv2d(3, 3, 1), new nn.Linear(5, 2, { bias: false }))
  const optimizer = new nn.Adagrad(layers.parameters())
  const step = kg.compile(
    (x: kg.Tensor) => {
      optimizer.zeroGrad()
      for (let i = 0; i < 2; i++) layers.forward(x).square().sum().backward()
      optimizer.step()
    },
    { verify: 3 },
  )
  const x = kg.randn([3, 3, 6, 5])
  for (let i = 0; i < 5; i++) {
    step(x)
    await x.data()
  }
})

test('what verify finds is thrown by every read that waits for it, or else by the next', async () => {
  let factor = 1
  const [x, other] = [small(), small()]
  const make = () => kg.compile((t: kg.Tensor) => kg.mul(t, factor++), { verify: 1 })
  const message = /the replay differs/
  const first = make()
  first(x)
  const reads = [other.data(), first(x).data(), other.data()]
  await reads[0]
  for (const read of reads.slice(1)) await rejects(read, message)
  await other.data()

  const second = make()
  second(x)
  second(x)
  await new Promise(resolve => setTimeout(resolve, 500))
  await rejects(other.data(), message)
  await other.data()
})

test('a step may make constants from numbers of the host', async () => {
  const embedding = new nn.Embedding(9, 5)
  const causal = (x: kg.Tensor) => {
    const at = kg.arange(x.shape[0])
    const later = kg.greater(at, at.unsqueeze(1))
    return kg.where(later, -Infinity, x.matmul(x.transpose())).softmax(-1).matmul(x)
  }
  const steps: Record<string, Step> = {
    'a causal mask': causal,
    positions: x =>
      kg
        .add(embedding.forward(kg.arange(x.shape[0])), x)
        .square()
        .sum(),
    'a list and an identity': x => x.matmul(kg.eye(5)).mul(kg.tensor([1, 2, 3, 4, 5])),
    'a sum in place'(x) {
      const sum = kg.tensor([1, 2, 3, 4, 5])
      assign(sum, kg.add(sum, x.sum(0)))
      return sum
    },
    'what is disposed of'(x) {
      using factor = kg.tensor([3])
      return x.mul(factor)
    },
    'a leaf'(x) {
      const w = kg.tensor([1, 2, 3, 4, 5], { requiresGrad: true })
      x.mul(w).sum().backward()
      return w.grad!
    },
    nothing: x => kg.cat([x.sum(0), kg.tensor([])]),
  }
  for (const verify of [0, 2])
    for (const [name, step] of Object.entries(steps)) {
      const compiled = kg.compile(step, { verify })
      for (const x of [small(), kg.rand([4, 5]), small(), small(), kg.rand([4, 5]), small()]) {
        assert.equal(await bits(compiled(x)), await bits(step(x)), name)
        kg.keep(kg.full([1], 9))
      }
      assert.ok(compiled.counts.replayed > 0)
    }
})

test('numbers of the host that change are refused at the second call, or found by verify', async () => {
  let n = 0
  const changing = kg.compile((x: kg.Tensor) => kg.add(x, kg.tensor([n++])))
  const x = kg.tensor([5])
  assert.is(await changing(x).item(), 5)
  for (let i = 0; i < 2; i++)
    assert.throws(() => changing(x), /numbers of the host .* that change .* pass it as an argument/)

  let m = 1
  const later = kg.compile((x: kg.Tensor) => kg.add(x, kg.tensor([m])), { verify: 2 })
  for (let i = 0; i < 3; i++) assert.is(await later(x).item(), 6)
  m = 2
  await rejects(later(x).item(), /the replay differs from the step in result 0/)
})

test('what a replay could not repeat is refused while recording', () => {
  const refused: [RegExp, (x: kg.Tensor) => unknown][] = [
    [/a tensor was read .* inside the step/, x => x.data()],
    [/manualSeed inside the step/, () => kg.manualSeed(1)],
    [/the step returned a promise; make it synchronous/, async x => x],
  ]
  for (const [message, step] of refused) assert.throws(() => kg.compile(step)(small()), message)
  assert.throws(
    () => kg.compile((x: kg.Tensor) => x)(3 as unknown as kg.Tensor),
    /argument 0 is 3; .*tensor/,
  )
  assert.throws(() => kg.compile(() => {}, { verify: -1 }), /verify is -1/)
})

async function bits(t: kg.Tensor): Promise<Uint32Array> {
  return new Uint32Array((await t.data()).buffer)
}

async function rejects(promise: Promise<unknown>, message: RegExp): Promise<void> {
  let caught: Error | undefined
  await promise.catch(error => {
    caught = error
  })
  assert.match(String(caught), message)
}

test.run()
