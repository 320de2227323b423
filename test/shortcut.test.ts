/**
 * Shortcuts past the tape's arrows change no gradient: an activation that is computed in another operation's
 * kernel has the gradients that it has by itself, and a tensor that somebody asks for has all of its gradient.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { attentionWeights } from '../src/autograd/ops/attentionweights.js'
import type { Node } from '../src/autograd/tape.js'
import { launchCounts } from '../src/kernels/launch.js'
import * as kg from '../src/node.js'
import { gpu } from './gpu.js'

test.before(gpu)

const apart = { relu: kg.relu, tanh: kg.tanh, sigmoid: kg.sigmoid }

/** What takes y = f(z) [4, 2, 6, 6] on, to one number. Those that lead their gradients past f, and others. */
const uses: Record<string, (y: kg.Tensor) => kg.Tensor> = {
  'a linear layer': y =>
    kg
      .linear(kg.flatten(y, 1), weights([5, 72]))
      .square()
      .sum(),
  'a linear layer of other sizes': y =>
    kg
      .linear(y, weights([8, 6]), weights([8]))
      .square()
      .sum(),
  'a convolution': y =>
    kg
      .conv2d(y, weights([3, 2, 3, 3]), weights([3]), { stride: 2 })
      .square()
      .sum(),
  'a transposed convolution': y =>
    kg
      .convTranspose2d(y, weights([2, 3, 2, 2]))
      .square()
      .sum(),
  pooling: y => kg.maxPool2d(y, 3, { stride: 2 }).square().sum(),
  'a loss': y => kg.mseLoss(y, weights([4, 2, 6, 6]), { reduction: 'sum' }),
  slices: y =>
    kg.chunk(y, 2, 1).reduce(
      (sum, part, i) =>
        sum.add(
          part
            .square()
            .sum()
            .mul(i + 1),
        ),
      kg.zeros([]),
    ),
  'something else': y => kg.exp(y).sum(),
  'several at once': y =>
    kg.add(kg.add(uses['a convolution'](y), uses['a loss'](y)), uses.slices(y)),
}

/** The same numbers for the same shape. */
function weights(shape: number[]): kg.Tensor {
  const n = shape.reduce((a, b) => a * b, 1)
  return kg.tensor(
    Float32Array.from({ length: n }, (_, i) => Math.sin(3 * i + 1) / 2),
    { shape },
  )
}

for (const [name, use] of Object.entries(uses))
  for (const activation of ['relu', 'tanh', 'sigmoid'] as const)
    test(`${activation} before ${name}`, async () => {
      const run = async (fused: boolean) => {
        const x = weights([4, 3, 6, 6])
        const [w, b] = [weights([2, 3, 3, 3]), weights([2])]
        for (const t of [x, w, b]) t.requiresGrad = true
        const options = { padding: 1 }
        const y = fused
          ? kg.conv2d(x, w, b, { ...options, activation })
          : apart[activation](kg.conv2d(x, w, b, options))
        const first = kg.grad(use(y), [x, w, b], { createGraph: true })
        const length = first.map(g => g.square().sum()).reduce(kg.add)
        const second = kg.grad(length, [x, w, b])
        use(
          fused
            ? kg.conv2d(x, w, b, { ...options, activation })
            : apart[activation](kg.conv2d(x, w, b, options)),
        ).backward()
        return Promise.all([y, ...first, ...second, x.grad!, w.grad!, b.grad!].map(t => t.data()))
      }
      const [one, two] = [await run(true), await run(false)]
      for (const [i, data] of one.entries()) {
        const size = Math.max(...two[i].map(Math.abs))
        for (const [j, value] of data.entries())
          assert.ok(
            Math.abs(value - two[i][j]) <= 2e-5 * size,
            `result ${i} at ${j}: ${value} and ${two[i][j]}`,
          )
      }
    })

const activations = ['relu', 'tanh', 'sigmoid'] as const

for (const [name, use] of Object.entries(uses))
  for (const activation of activations)
    test(`the gradient of h = ${activation}(z) itself is whole before ${name}`, async () => {
      const [x, w] = [weights([4, 3, 6, 6]), weights([2, 3, 3, 3])]
      w.requiresGrad = true
      const run = (h: kg.Tensor) =>
        Promise.all(
          kg.grad(use(h).add(h.mul(h).sum()), [h, w]).map(g => g.data() as Promise<Float32Array>),
        )
      const fused = await run(kg.conv2d(x, w, null, { padding: 1, activation }))
      const plain = await run(apart[activation](kg.conv2d(x, w, null, { padding: 1 })))
      for (const [i, got] of fused.entries()) close(got, plain[i], `gradient ${i}`)
    })

test('the gradient of an activation is whole where only a linear layer follows', async () => {
  const layers = new kg.nn.Sequential(new kg.nn.Linear(4, 4), new kg.nn.ReLU())
  const next = new kg.nn.Linear(4, 4)
  const h = layers.forward(kg.rand([2, 4]))
  const through = await kg.grad(next.forward(h).sum(), h, { retainGraph: true }).data()
  const both = await kg.grad(h.add(next.forward(h)).sum(), h).data()
  const w = await next.weight.data()
  const columns = [0, 1, 2, 3].map(i => w[i] + w[4 + i] + w[8 + i] + w[12 + i])
  close(through, [...columns, ...columns], 'through the layer')
  close(
    both,
    [...columns, ...columns].map(v => v + 1),
    'both ways',
  )
})

test('the gradient of a pooled activation, and of what was pooled, are whole', async () => {
  const w = weights([2, 3, 3, 3])
  w.requiresGrad = true
  const run = async (fused: boolean) => {
    const z = (f: kg.Activation | null) =>
      kg.conv2d(weights([4, 3, 6, 6]), w, null, { activation: f })
    const h = fused ? z('relu') : kg.relu(z(null))
    const pooled = kg.maxPool2d(h, 2)
    const y = kg
      .conv2d(pooled, weights([3, 2, 2, 2]))
      .square()
      .sum()
    const grads = kg.grad(y, [pooled, h, w], { retainGraph: true })
    return Promise.all([...grads, kg.grad(y, pooled)].map(g => g.data()))
  }
  const [fused, plain] = [await run(true), await run(false)]
  for (const [i, got] of fused.entries()) close(got, plain[i], `gradient ${i}`)
})

test('these operations have a shortcut', () => {
  const x = kg.randn([4, 8], { requiresGrad: true })
  const image = kg.randn([2, 3, 5, 5], { requiresGrad: true })
  const made = {
    linear: kg.linear(x, kg.randn([3, 8])),
    conv2d: kg.conv2d(image, kg.randn([2, 3, 2, 2])),
    convTranspose2d: kg.convTranspose2d(image, kg.randn([3, 2, 2, 2])),
    slice: kg.slice(x, 1, { start: 2 }),
    addcmul: kg.addcmul(x, x, x),
    softmax: kg.softmax(x, 1),
    logSoftmax: kg.logSoftmax(x, 1),
    attentionWeights: attentionWeights(x, x, { scale: 1 }),
    layerNorm: kg.layerNorm(x, 8),
    rmsNorm: kg.rmsNorm(x, 8),
    groupNorm: kg.groupNorm(x, 2),
    batchNorm: kg.batchNorm(x, { training: true }),
    mseLoss: kg.mseLoss(x, kg.zeros([4, 8])),
    binaryCrossEntropy: kg.mseLoss(x, kg.zeros([4, 8]), { reduction: 'none' }),
    vaeKld: kg.vaeKld(x, x),
    gaussianKld: kg.gaussianKld(x, x),
  }
  for (const [name, y] of Object.entries(made)) assert.ok((y.origin as Node).extras.shortcut, name)
})

const some = (...shape: number[]) => kg.randn(shape, { requiresGrad: true })

type Of = (a: kg.Tensor, b: kg.Tensor, c: kg.Tensor) => kg.Tensor

/** Operations of several inputs, with inputs for them. */
const several: Record<string, [f: Of, xs: () => kg.Tensor[]]> = {
  linear: [kg.linear, () => [some(4, 8), some(3, 8), some(3)]],
  matmul: [kg.matmul, () => [some(2, 4, 8), some(8, 3)]],
  conv2d: [kg.conv2d, () => [some(2, 3, 5, 5), some(2, 3, 2, 2), some(2)]],
  convTranspose2d: [kg.convTranspose2d, () => [some(2, 3, 5, 5), some(3, 2, 2, 2), some(2)]],
  conv1d: [kg.conv1d, () => [some(2, 3, 9), some(4, 3, 3), some(4)]],
  addcmul: [kg.addcmul, () => [some(4, 8), some(4, 8), some(8)]],
  attention: [kg.scaledDotProductAttention, () => [some(2, 4, 8), some(2, 5, 8), some(2, 5, 3)]],
  layerNorm: [
    (x, weight, bias) => kg.layerNorm(x, 8, { weight, bias }),
    () => [some(4, 8), some(8), some(8)],
  ],
  groupNorm: [
    (x, weight, bias) => kg.groupNorm(x, 2, { weight, bias }),
    () => [some(3, 4, 5), some(4), some(4)],
  ],
  batchNorm: [
    (x, weight, bias) => kg.batchNorm(x, { training: true, weight, bias }),
    () => [some(6, 4), some(4), some(4)],
  ],
  rmsNorm: [(x, weight) => kg.rmsNorm(x, 8, { weight }), () => [some(4, 8), some(8)]],
  mseLoss: [(a, b) => kg.mseLoss(a, b), () => [some(4, 8), some(4, 8)]],
  vaeKld: [(mu, s) => kg.vaeKld(mu, kg.exp(s)), () => [some(4, 3), some(4, 3)]],
  gaussianKld: [(a, b) => kg.gaussianKld(a, b), () => [some(4, 3), some(4, 3)]],
}

for (const [name, [f, xs]] of Object.entries(several))
  test(`${name}: the gradient of one input alone is what it is beside the others`, async () => {
    const inputs = xs()
    const y = () => kg.square(f(inputs[0], inputs[1], inputs[2])).sum()
    for (const [i, both] of kg.grad(y(), inputs).entries())
      close(await kg.grad(y(), inputs[i]).data(), await both.data(), `input ${i}`)
  })

for (const [name, twice] of [
  ['a linear layer', (q: kg.Tensor) => kg.linear(q, q)],
  [
    'a convolution',
    (q: kg.Tensor) => {
      const images = q.reshape([4, 1, 2, 2])
      return kg.conv2d(images, images)
    },
  ],
] as const)
  test(`an activation that is both inputs of ${name} has the gradient of both uses`, async () => {
    const [x, w] = [some(4, 3), some(4, 3)]
    const run = (q: kg.Tensor) => kg.grad(twice(q).square().sum(), [x, w])
    const fused = run(kg.linear(x, w, null, { activation: 'tanh' }))
    const plain = run(kg.tanh(kg.linear(x, w)))
    for (const [i, dx] of fused.entries())
      close(await dx.data(), await plain[i].data(), `gradient ${i}`)
  })

test('a gradient takes only the ways that lead to what is asked for', () => {
  const model = new kg.nn.Sequential(
    new kg.nn.Linear(4, 4),
    new kg.nn.Tanh(),
    new kg.nn.Linear(4, 2),
  )
  const x = some(3, 4)
  const count = (...of: kg.Tensor[]) => {
    const y = model.forward(x).square().sum()
    const before = launchCounts().launches
    assert.is(kg.grad(y, of).length, of.length)
    return launchCounts().launches - before
  }
  const last = model.parameters().at(-1)!
  assert.ok(count(last) < count(x), 'nothing behind the last layer')
  assert.is(count(), 0)
  assert.throws(() => kg.grad(model.forward(x).sum(), some(2)), /does not depend on input 0/)
})

function close(got: Float32Array, want: ArrayLike<number>, what: string): void {
  const size = Math.max(1, ...Array.from(want, Math.abs))
  assert.is(got.length, want.length)
  for (const [j, value] of got.entries())
    assert.ok(Math.abs(value - want[j]) <= 2e-5 * size, `${what} at ${j}: ${value}, not ${want[j]}`)
}

test.run()
