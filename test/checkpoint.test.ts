/** Training that is cut anywhere and continued from a file gives the bytes of the uncut one. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../src/index.js'
import { data, io, nn, type Tensor } from '../src/index.js'
import { loadCheckpoint, saveCheckpoint } from '../src/node/checkpoint.js'
import { gpu } from './gpu.js'

test.before(gpu)

const folder = mkdtempSync(join(tmpdir(), 'checkpoint-'))
const file = join(folder, 'run.safetensors')
test.after(() => rmSync(folder, { recursive: true }))

type Make = (params: Tensor[]) => nn.Optimizer

const samples = {
  x: Float32Array.from({ length: 11 * 4 }, (_, i) => Math.sin(i)),
  shape: [4],
  y: Float32Array.from({ length: 11 }, (_, i) => Math.cos(i)),
}

/** A training with everything that has a state: dropout, batch norm, a schedule, augmented data. */
function training(make: Make, wrap: <F>(f: F) => F = f => f) {
  const model = new nn.Sequential(
    new nn.Linear(4, 8),
    new nn.BatchNorm1d(8),
    new nn.Dropout(0.3),
    new nn.Linear(8, 1),
  )
  const optimizer = make(model.parameters())
  const scheduler = new nn.StepLR(optimizer, { stepSize: 3, gamma: 0.7 })
  const loader = new data.DataLoader(samples, {
    batchSize: 3,
    shuffle: true,
    seed: 5,
    transform: ({ x, y }, random) => ({ x: x.data.map(v => v + 0.1 * random()), y: y! }),
  })
  const step = wrap((x: Tensor, y: Tensor) => {
    optimizer.zeroGrad()
    const loss = kg.mseLoss(model.forward(x).squeeze(1), y)
    loss.backward()
    optimizer.step()
    scheduler.step()
    return loss
  })
  const parts = { model, optimizer, scheduler, loader }
  return {
    parts,
    /** Trains up to so many steps in all. */
    async run(from: number, to: number): Promise<number> {
      let steps = from
      while (loader.epoch < 4)
        for await (const { x, y } of loader) {
          step(x, y)
          if (++steps === to) {
            await saveCheckpoint(file, { ...parts, steps })
            return steps
          }
        }
      return steps
    },
    bytes: () => io.encodeCheckpoint(parts),
  }
}

const optimizers: Record<string, Make> = {
  'SGD with momentum': params => new nn.SGD(params, { lr: 0.05, momentum: 0.9 }),
  Adam: params => new nn.Adam(params, { lr: 0.01 }),
  'AdamW with amsgrad': params => new nn.AdamW(params, { lr: 0.01, amsgrad: true }),
}

async function uncut(make: Make): Promise<Uint8Array> {
  kg.manualSeed(1)
  const whole = training(make)
  assert.is(await whole.run(0, Infinity), 16)
  return whole.bytes()
}

for (const [name, make] of Object.entries(optimizers))
  test(`${name}: cut in the middle of an epoch and at its end, eager and compiled`, async () => {
    const want = await uncut(make)
    const ways = [<F>(f: F) => f, <F>(f: F) => kg.compile(f as never) as unknown as F]
    for (const [cut, wrap] of [
      [6, ways[0]],
      [8, ways[1]],
    ] as const) {
      kg.manualSeed(1)
      await training(make, wrap).run(0, cut)
      kg.manualSeed(99) // another process has other initial values and another stream
      const again = training(make, wrap)
      const { steps } = await loadCheckpoint<{ steps: number }>(file, again.parts)
      assert.is(steps, cut)
      assert.is(await again.run(steps, Infinity), 16)
      assert.equal(await again.bytes(), want, `cut at ${cut}`)
    }
  })

test('without any one of its parts the continued training is another one', async () => {
  const make = optimizers.Adam
  const want = await uncut(make)
  kg.manualSeed(1)
  await training(make).run(0, 7)
  const kinds = ['optimizer', 'scheduler', 'loader', 'random', 'all but the weights']
  for (const left of kinds) {
    kg.manualSeed(99)
    const again = training(make)
    const only = Object.entries(again.parts).filter(
      ([part]) => part !== left && (left !== 'all but the weights' || part === 'model'),
    )
    await loadCheckpoint(file, Object.fromEntries(only), { random: left !== 'random' })
    await again.run(7, Infinity)
    const [got, wanted] = [await again.bytes(), want].map(
      bytes => io.decodeSafetensors(bytes).tensors['model.0.weight'].data,
    )
    assert.not.equal(got, wanted, left)
  }
})

test('a checkpoint is a safetensors file with names that others know', async () => {
  kg.manualSeed(1)
  await training(optimizers['AdamW with amsgrad']).run(0, 2)
  const { tensors, metadata } = io.decodeSafetensors(readFileSync(file))
  for (const name of ['model.1.running_mean', 'optimizer.tensors.0.exp_avg_sq'])
    assert.ok(name in tensors, name)
  assert.is(metadata.format, 'kernelgrad-checkpoint-v1')
  assert.is(JSON.parse(metadata.state).steps, 2)
  assert.equal(readdirSync(folder), ['run.safetensors']) // nothing temporary is left
})

test('values of one’s own return as they were, whatever the number', async () => {
  const values = {
    best: Infinity,
    worst: [-0, Number.NaN, { deep: -Infinity }],
    note: 'text',
    none: null,
    mask: kg.tensor([true, false]),
    ['__proto__']: kg.tensor([1, 2], { dtype: 'i32' }),
  }
  const back = await io.decodeCheckpoint(await io.encodeCheckpoint(values))
  assert.is(back.best, Infinity)
  assert.equal(back.worst, values.worst)
  assert.ok(Object.is((back.worst as number[])[0], -0))
  assert.equal([back.note, back.none], ['text', null])
  assert.equal(await (back.mask as Tensor).array(), [true, false])
  const own = Object.getOwnPropertyDescriptor(back, '__proto__')!.value as Tensor
  assert.equal([own.dtype, ...(await own.data())], ['i32', 1, 2])
})

test('an object of one’s own with a state is a part', async () => {
  class Average {
    mean = kg.keep(kg.zeros([2]))
    count = 0
    stateDict() {
      return { mean: this.mean, count: this.count }
    }
    loadStateDict({ mean, count }: { mean: Tensor; count: number }) {
      this.mean = kg.keep(mean.mul(1))
      this.count = count
    }
  }
  const [a, b] = [new Average(), new Average()]
  Object.assign(a, { mean: kg.keep(kg.tensor([1, 2])), count: 3 })
  await io.decodeCheckpoint(await io.encodeCheckpoint({ average: a }), { average: b })
  assert.equal([...(await b.mean.data()), b.count], [1, 2, 3])
})

test('a part that does not fit is refused, and nothing changes', async () => {
  kg.manualSeed(1)
  await training(optimizers.Adam).run(0, 2)
  const other = training(optimizers['SGD with momentum'])
  const before = await other.bytes()
  const refused = async (parts: Record<string, io.Stateful>, words: RegExp) => {
    const message = await loadCheckpoint(file, parts).then(
      () => 'loaded',
      error => error.message,
    )
    assert.match(message, words)
    assert.equal(await other.bytes(), before)
  }
  await refused(other.parts, /run\.safetensors: optimizer: SGD: loadStateDict: .*momentum/)
  await refused({ ema: other.parts.model }, /there is no ema; it has model, optimizer, sch.*steps/)
  await refused({ model: {} as never }, /model is a plain object; it has no stateDict\(\)/)
  writeFileSync(file, io.encodeSafetensors(await io.toHost(other.parts.model.stateDict())))
  await refused(other.parts, /its format is not named, not kernelgrad-checkpoint-v1; decodeSaf/)
})

test('a damaged checkpoint is refused in words', async () => {
  const { tensors, metadata } = io.decodeSafetensors(
    await io.encodeCheckpoint({ model: new nn.Linear(2, 1), step: 1 }),
  )
  const refused = async (changed: Record<string, string>, others = tensors) => {
    const bytes = io.encodeSafetensors(others, { ...metadata, ...changed })
    return io.decodeCheckpoint(bytes, { model: new nn.Linear(2, 1) }).then(
      () => 'loaded',
      error => error.message,
    )
  }
  assert.match(await refused({ state: '[1' }), /^checkpoint: its metadata are no checkpoint's; the/)
  assert.match(await refused({ state: '5' }), /no checkpoint's; the file is damaged/)
  const { 'model.bias': _, ...rest } = tensors
  assert.match(
    await refused({}, rest),
    /model: there is no tensor model\.bias; the file is damaged/,
  )
})

test('what no state can hold is refused by its path', async () => {
  const message = (parts: object) =>
    io.encodeCheckpoint(parts as never).then(
      () => 'saved',
      error => error.message,
    )
  assert.match(
    await message({ a: { b: [() => 1] } }),
    /^encodeCheckpoint: a\.b\.0 is a function; a/,
  )
  assert.match(await message({ a: new Map() }), /a is an object of class Map; a state holds/)
  assert.match(await message({ a: { $tensor: 'x' } }), /a is .*; the name \$tensor is reserved/)
  const t = kg.zeros([1])
  assert.match(await message({ 'a.b': t, a: { b: t } }), /a\.b is .*; another tensor has this name/)
})

test('the random stream goes on from its state, eager and compiled', async () => {
  kg.manualSeed(2 ** 40 + 7)
  kg.rand([3])
  const state = kg.randomState()
  const draw = kg.compile(() => kg.rand([4]))
  const first = [await kg.rand([4]).data(), await draw().data(), await draw().data()]
  kg.manualSeed(3)
  kg.setRandomState(state)
  const second = [await draw().data(), await draw().data(), await kg.rand([4]).data()]
  assert.equal(second, first)
  assert.throws(() => kg.setRandomState(5 as never), /setRandomState: got 5; it must be a state/)
})

test.run()
