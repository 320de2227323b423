/** Layers whose weights are kept in half precision. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { drawDigits } from '../src/data/digits.js'
import { explain } from '../src/explain/index.js'
import { fromHalf, toHalf } from '../src/io/half.js'
import { activationCode } from '../src/launches/activation.js'
import { halfForward, packHalves, unpackHalves, wordsFor } from '../src/launches/half.js'
import {
  compile,
  grad,
  gradcheck,
  gradgradcheck,
  io,
  manualSeed,
  nn,
  rand,
  randn,
  type Tensor,
  tensor,
} from '../src/node.js'
import { empty } from '../src/tensor/tensor.js'
import { type Autoencoder, batch, errors, kinds, step } from './autoencoders.js'
import { fixture } from './fixture.js'
import { parseGoldens } from './goldens/file.js'
import { gpu } from './gpu.js'

test.before(gpu)

function packed(w: Tensor): Tensor {
  const words = empty([w.shape[0], wordsFor(w.shape[1])], 'u32', 'test')
  packHalves(w, words)
  return words
}

const net = () =>
  new nn.Sequential(new nn.Linear(6, 5), new nn.Tanh(), new nn.Linear(5, 4), new nn.ReLU())

/** Every place between two halves where rounding may go wrong, and its neighbours in f32. */
function hardNumbers(): Float32Array {
  const halves = fromHalf(Uint16Array.from({ length: 0x7c00 }, (_, i) => i))
  const picked = [...halves.keys()].filter(i => i < 40 || i % 97 === 0 || (i & 0x3ff) > 0x3fb)
  const middles = picked.map(i => (halves[i] + (halves[i + 1] ?? 65536)) / 2)
  const words = new Uint32Array(Float32Array.from(middles).buffer)
  const around = [...words].flatMap(word => [word - 1, word, word + 1])
  const near = [...new Float32Array(Uint32Array.from(around).buffer)]
  const special = [0, 2 ** -126, 1e-40, 65504, 65519.996, 65520, 1e38, Infinity]
  return Float32Array.from([...near, ...special].flatMap(v => [v, -v]))
}

test('packing rounds as the host does: ties, subnormal halves, ±0, the largest', async () => {
  const values = hardNumbers()
  for (const columns of [1, 2, 3, 5, values.length]) {
    const w = tensor(values.slice(0, columns * 3), {
      shape: [Math.min(3, values.length / columns), columns],
    })
    const words = packed(w)
    const bits = new Uint16Array((await words.data<Uint32Array<ArrayBuffer>>()).buffer)
    const [rows] = w.shape
    const expected = toHalf(values.slice(0, rows * columns))
    for (let row = 0; row < rows; row++) {
      const own = bits.subarray(row * 2 * wordsFor(columns), (row + 1) * 2 * wordsFor(columns))
      assert.equal(own.slice(0, columns), expected.slice(row * columns, (row + 1) * columns))
      assert.ok(own.slice(columns).every(half => half === 0))
    }
    const back = await unpackHalves(words, columns).data()
    assert.equal(back, fromHalf(expected), `${columns} columns`)
  }
})

/** The largest |y − f(x Wᵀ + b)| over the largest Σ|x||W| + |b|, in float64, W as halves. */
async function distance(x: Tensor, w: Tensor, b: Tensor | null, y: Tensor, f = (v: number) => v) {
  const [X, B, Y] = [await x.data(), await b?.data(), await y.data()]
  const W = fromHalf(toHalf(await w.data()))
  const [outputs, inputs] = w.shape
  assert.is(Y.length, x.shape[0] * outputs)
  let [worst, largest] = [0, 0]
  for (let at = 0; at < Y.length; at++) {
    const [n, o] = [Math.floor(at / outputs), at % outputs]
    let [sum, size] = [B?.[o] ?? 0, Math.abs(B?.[o] ?? 0)]
    for (let i = 0; i < inputs; i++) {
      const term = X[n * inputs + i] * W[o * inputs + i]
      sum += term
      size += Math.abs(term)
    }
    worst = Math.max(worst, Math.abs(Y[at] - f(sum)))
    largest = Math.max(largest, size)
  }
  return worst / largest
}

for (const [way, together] of [
  ['few', false],
  ['few', true],
  ['tiled', false],
  ['product', false],
] as const)
  test(`${way}${together ? ', workgroups together,' : ''} computes layers of any size that it serves`, async () => {
    manualSeed(3)
    for (const rows of [1, 2, 3, 4, 5, 65].filter(rows => way !== 'few' || rows <= 4))
      for (const [inputs, outputs] of [
        [1, 5],
        [3, 66],
        [5, 1],
        [784, 9],
        [130, 131],
      ]) {
        const [x, w, b] = [randn([rows, inputs]), randn([outputs, inputs]), randn([outputs])]
        const name = `${rows} rows, ${inputs} to ${outputs}`
        const plain = halfForward(x, packed(w), null, 0, way, together)
        assert.ok((await distance(x, w, null, plain)) < 1e-6, name)
        const tanh = halfForward(x, packed(w), b, activationCode('tanh'), way, together)
        assert.ok((await distance(x, w, b, tanh, Math.tanh)) < 1e-6, name)
      }
  })

test('what lies behind the last input of a row is not read, even if it is infinite', async () => {
  const x = tensor([
    [1, 2, 3],
    [Infinity, 0, 0],
    [1, 1, 1],
  ])
  const w = packed(tensor([[1, 1, 1]]))
  for (const way of ['few', 'tiled', 'product'] as const)
    assert.equal(await halfForward(x, w, null, 0, way).array(), [[6], [Infinity], [3]], way)
})

test('gradients reach x and the bias, and x’s has a gradient; the weight has none', async () => {
  manualSeed(5)
  for (const rows of [3, 6]) {
    const layer = new nn.HalfLinear(new nn.Linear(7, 5))
    const x = randn([rows, 7])
    await gradcheck(x => layer.activated(x, 'tanh'), [x])
    await gradgradcheck(x => layer.activated(x, 'tanh'), [x])
    await gradcheck(x => layer.forward(x.reshape([1, rows, 7])), [x])
    assert.equal(
      layer.namedParameters().map(([name]) => name),
      ['bias'],
    )
    const [db] = grad(layer.forward(x).sum(), [layer.bias!])
    assert.equal(await db.array(), [rows, rows, rows, rows, rows])
  }
  assert.equal(new nn.HalfLinear(new nn.Linear(3, 2)).forward(randn([0, 3])).shape, [0, 2])
})

test('halve replaces the Linears of all containers, and leaves the rest', async () => {
  class Tower extends nn.Module {
    readonly conv = new nn.Conv2d(1, 2, 1)
    readonly first = net()
    readonly list = new nn.ModuleList([new nn.Linear(4, 4), new nn.ReLU()])
    readonly heads = new nn.ModuleDict({ a: new nn.Linear(4, 2) })
    readonly shared = this.list[0]
    forward(x: Tensor): Tensor {
      const y = this.list[1].forward(this.list[0].forward(this.first.forward(x)))
      return this.heads.get('a').forward(this.shared.forward(y))
    }
  }
  const model = new Tower()
  const [x, before] = [randn([3, 6]), Object.keys(model.stateDict())]
  const expected = await model.forward(x).data()
  const parameters = model.numParameters()
  assert.is(await nn.halve(model), model)
  const found = model.namedModules().map(([name, each]) => `${name} ${each.constructor.name}`)
  assert.equal(
    found.filter(each => each.includes('Linear')),
    ['first.0 HalfLinear', 'first.2 HalfLinear', 'list.0 HalfLinear', 'heads.a HalfLinear'],
  )
  assert.is(model.shared, model.list[0])
  assert.equal(Object.keys(model.stateDict()).sort(), before.sort())
  assert.is(model.numParameters(), parameters)
  const y = await model.forward(x).data()
  assert.ok(y.every((v, i) => Math.abs(v - expected[i]) < 2e-3))

  const encoder = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, dropout: 0 })
  const tokens = randn([2, 3, 8])
  const full = await encoder.forward(tokens).data()
  await nn.halve(encoder, { pattern: 'linear1' })
  await nn.halve(encoder)
  const half = await encoder.forward(tokens).data()
  assert.ok(half.every((v, i) => Math.abs(v - full[i]) < 2e-3))
})

test('summary counts the same parameters in fewer bytes, and explain names the layer', async () => {
  const model = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Linear(16, 8))
  const last = (text: string) => text.split('\n').at(-1)
  assert.is(
    last(model.summary([1, 8])),
    '280 parameters, 280 of them trainable; 1,120 bytes, buffers included',
  )
  await nn.halve(model)
  assert.is(
    last(model.summary([1, 8])),
    '280 parameters, 24 of them trainable; 608 bytes, buffers included',
  )
  assert.match(model.summary([1, 8]), /0 +HalfLinear +\[1, 16\] +144/)
  assert.match(String(explain(model.forward(randn([2, 8])))), /halfLinear .*y = x Wᵀ \+ b/)
})

test('what cannot be halved is named, and nothing is changed', async () => {
  const refused = async (model: nn.Module<unknown>, message: RegExp, options = {}) => {
    const before = model.modules()
    const error = await nn.halve(model, options).then(
      () => null,
      (error: Error) => error,
    )
    assert.match(error?.message ?? 'nothing was thrown', message)
    assert.equal(model.modules(), before)
  }
  for (const value of [65505, -1e9, Infinity, Number.NaN]) {
    const model = net()
    const weight = (model.at(2) as nn.Linear).weight
    nn.init.constant(weight, value)
    const largest = `largest weight of 2 is ${Math.abs(value)}, of halves 65504`
    await refused(model, new RegExp(`^halve: the ${largest}; choose a pattern`))
    await nn.halve(model, { pattern: '0' })
  }
  const hooked = net()
  const hook = hooked.at(0).registerForwardHook(() => undefined)
  await refused(hooked, /^halve: 0 has a hook; remove it first/)
  hook.remove()
  const adapter = nn.lora(hooked, { rank: 1 })
  await refused(hooked, /^halve: 0 has an adapter already; call merge\(\) and remove\(\)/)
  adapter.merge().remove()
  await nn.halve(hooked)
  await refused(hooked, /^halve: no Linear is called '\*'; there is no Linear/)
  await refused(net(), /^halve: no Linear is called '7'; near are/, { pattern: '7' })
  await refused(
    new nn.Linear(2, 2),
    /^halve: the model is in no property of a module; make it a new nn/,
  )
  await refused(net(), /^halve: .*there is no option half/, { half: true })
  assert.match(
    await nn.halve(3 as never).then(String, String),
    /halve: got 3 where a module belongs/,
  )
  class Hidden extends nn.Module {
    readonly #layer = new nn.Linear(2, 2)
    override children(): [string, nn.Module][] {
      return [['layer', this.#layer]]
    }
    forward(x: Tensor): Tensor {
      return this.#layer.forward(x)
    }
  }
  await refused(
    new Hidden(),
    /^halve: layer is in no property of a module; make it a new nn.HalfLinear/,
  )
  assert.throws(() => new nn.HalfLinear(net() as never), /^HalfLinear: got .* a Linear belongs/)
  const layer = new nn.HalfLinear(new nn.Linear(3, 2))
  assert.throws(
    () => layer.forward(rand([4, 5])),
    /^HalfLinear: x is \[4, 5\], weight is \[2, 3\]; .*the last size of x is in/,
  )
})

test('the state goes to files as F16, and from files of either precision', async () => {
  const model = await nn.halve(net())
  const x = randn([3, 6])
  const y = await model.forward(x).data()
  const bytes = io.encodeSafetensors(await io.toHost(model.stateDict()))
  const header = new TextDecoder().decode(bytes)
  assert.match(header, /"0\.weight":\{"dtype":"F16","shape":\[5,6\]/)
  assert.match(header, /"0\.bias":\{"dtype":"F32","shape":\[5\]/)
  const { tensors } = io.decodeSafetensors(bytes)
  const [plain, other] = [net(), await nn.halve(net())]
  plain.loadStateDict(io.fromHost(tensors))
  other.loadStateDict(io.fromHost(tensors))
  assert.equal(await other.forward(x).data(), y)
  const z = await plain.forward(x).data()
  assert.ok(z.every((v, i) => Math.abs(v - y[i]) < 1e-6))
  const third = await nn.halve(net())
  third.loadStateDict(plain.stateDict()) // f32, of a model that is not halved
  assert.equal(await third.forward(x).data(), y)
  third.loadStateDict(io.fromHost(await io.toHost(model.stateDict())))
  await io.decodeCheckpoint(await io.encodeCheckpoint({ third }), { third })
  assert.equal(await third.forward(x).data(), y)
  assert.throws(
    () => third.loadStateDict({ ...plain.stateDict(), '0.weight': rand([5, 4]) }),
    /another shape or dtype: 0\.weight \(is \[5, 4\] f32, wants \[5, 6\] f32\); nothing was changed/,
  )
  const changed = model.stateDict()['0.weight']
  nn.init.constant(changed, 1 / 3) // no longer halves
  assert.is((await io.toHost({ changed })).changed.dtype, 'F32')
})

/** How far a network's images, of pixels from 0 to 1, and its loss move when it is halved. */
async function moved(name: 'mlp' | 'vae', model: Autoencoder, x: Tensor) {
  const epsilon = randn([x.shape[0], 10])
  const run = () => errors(model, x, epsilon)
  const [full, loss] = [run().out, await run().loss.item()]
  await nn.halve(model as nn.Module<unknown>)
  const pixel = Math.max(...(await run().out.sub(full).abs().data())) / (name === 'mlp' ? 2 : 1)
  return { pixel, loss: Math.abs((await run().loss.item()) / loss - 1) }
}

// a code of three numbers makes more of a small change than one of ten
for (const [name, most] of [
  ['mlp', 2e-2],
  ['vae', 2e-3],
] as const)
  test(`the trained ${name} rebuilds digits as before, up to ${most} of a pixel`, async () => {
    manualSeed(6)
    const { images } = drawDigits({ count: 64 })
    const x = batch(
      kinds[name],
      images,
      Int32Array.from({ length: 64 }, (_, i) => i),
    )
    const file = readFileSync(new URL(`../pretrained/${name}.safetensors`, import.meta.url))
    const pretrained = io.fromHost(io.decodeSafetensors(file).tensors)
    const model = kinds[name].make()
    model.loadStateDict(pretrained)
    assert.equal(await moved(name, model, x), { pixel: 0, loss: 0 }) // the file has F16 already

    const further = kinds[name].make()
    further.loadStateDict(pretrained)
    const optimizer = new nn.Adam(further.parameters(), { lr: 1e-4 })
    for (let i = 0; i < 20; i++) step(further, optimizer, x)
    const trained = await moved(name, further, x)
    const bytes = await fixture(`model_${name}.safetensors`)
    const { at } = parseGoldens(bytes, name)
    const theirs = kinds[name].make()
    const keys = Object.keys(theirs.stateDict())
    theirs.loadStateDict(io.fromHost(Object.fromEntries(keys.map(key => [key, at(`init.${key}`)]))))
    const golden = await moved(name, theirs, x)
    assert.ok(trained.pixel < most && trained.loss < 1e-4, JSON.stringify(trained))
    assert.ok(golden.pixel < 1e-4 && golden.loss < 1e-5, JSON.stringify(golden))
  })

test('a compiled step computes the same, and sees weights that are loaded later', async () => {
  const model = await nn.halve(net())
  const [one, other] = [net().stateDict(), net().stateDict()]
  const run = compile((x: Tensor) => model.forward(x))
  const x = randn([3, 6])
  for (const state of [one, other, one]) {
    model.loadStateDict(state)
    assert.equal(await run(x).data(), await model.forward(x).data())
  }
  model.loadStateDict(other)
  const y = model.forward(x).sum()
  model.loadStateDict(one)
  assert.throws(() => y.backward(), /backward/)
})

test.run()
