/** Extremes, indices and dropout on inputs that are never random: ties, NaN, bad indices. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../../src/index.js'
import { assign } from '../../src/tensor/contiguous.js'
import { gpu } from '../gpu.js'

test.before(gpu)

const { tensor, grad, scope } = kg
type Tensor = kg.Tensor

const at = (values: number[] | number[][]) => tensor(values, { requiresGrad: true })
const index = (values: number[] | number[][]) => tensor(values, { dtype: 'i32' })
// the library cannot know these
const computed = (values: number[]) => index(values).mul(1)
const list = async (t: Tensor) => [...(await t.data())]

// biome-ignore format: a table reads in columns
const slopes: [claim: string, f: (x: Tensor) => Tensor, x: number[], slope: number[]][] = [
  ['equal maxima share the gradient of max',         x => kg.max(x),                 [1, 3, 3, 2],    [0, 0.5, 0.5, 0]],
  ['equal minima share the gradient of min',         x => kg.min(x),                 [1, 1, 3, 1],    [1 / 3, 1 / 3, 0, 1 / 3].map(Math.fround)],
  ['equal maxima share the gradient of amax',        x => kg.amax(x, 0),             [3, 3, 2],       [0.5, 0.5, 0]],
  ['the first of equal maxima has it all along a dim', x => kg.max(x, 0)[0],          [1, 3, 3],       [0, 1, 0]],
  ['the first of equal minima takes all along a dim', x => kg.min(x, 0)[0],          [3, 1, 1],       [0, 1, 0]],
  ['an element gathered twice has twice the gradient',    x => kg.gather(x, 0, index([1, 1, 0])).sum(), [5, 6, 7], [1, 2, 0]],
  ['an index out of range passes no gradient',    x => kg.gather(x, 0, computed([-1, 3, 2])).sum(), [5, 6, 7], [0, 0, 1]],
  ['nor does it in indexSelect',                           x => kg.indexSelect(x, 0, computed([-1, 3, 2, 2])).sum(), [5, 6, 7], [0, 0, 2]],
]

for (const [claim, f, x, slope] of slopes) {
  test(claim, async () => {
    const leaf = at(x)
    assert.equal(await list(grad(f(leaf), leaf)), slope)
  })
}

test('NaN is larger and smaller than everything, and the first one is found', async () => {
  const x = tensor([1, NaN, 5, NaN])
  for (const f of [kg.max, kg.min]) {
    assert.equal(await list(f(x)), [NaN])
    const [y, place] = f(x, 0)
    assert.equal(await list(y), [NaN])
    assert.equal(await list(place), [1])
  }
})

test('an index out of range gives NaN, and 0 among whole numbers', async () => {
  const nowhere = computed([-1, 1, 3])
  assert.equal(await list(kg.gather(tensor([5, 6, 7]), 0, nowhere)), [NaN, 6, NaN])
  assert.equal(await list(kg.indexSelect(index([5, 6, 7]), 0, nowhere)), [0, 6, 0])
  assert.equal(await list(kg.embedding(nowhere, tensor([[5], [6], [7]]))), [NaN, 6, NaN])
})

test('an index from the host that is out of range is refused', () => {
  const x = tensor([5, 6, 7])
  const w = tensor([[5], [6], [7]])
  const logits = tensor([[1, 2, 3]])
  const far = index([3])
  assert.throws(() => kg.gather(x, 0, far), 'gather: the index holds 3; allowed are 0 to 2')
  assert.throws(() => kg.indexSelect(x, 0, index([0, -1])), 'indexSelect: the index holds -1')
  assert.throws(() => kg.embedding(far, w), 'embedding: the index holds 3; allowed are 0 to 2')
  assert.throws(
    () => kg.crossEntropy(logits, far),
    'crossEntropy: the target holds 3; allowed are 0 to 2, or -100 to ignore',
  )
  assert.throws(() => kg.nllLoss(logits, index([-1])), 'nllLoss: the target holds -1')
  const none = kg.zeros([0])
  assert.throws(
    () => kg.gather(none, 0, far),
    'gather: the index holds 3; there is nothing to take',
  )
  kg.nllLoss(logits, index([-1]), { ignoreIndex: -1 })
  kg.crossEntropy(logits, index([-100]))
})

test('an index is judged by what it holds now, and a part of one by nothing', async () => {
  const x = tensor([5, 6, 7])
  const both = index([9, 1])
  assert.equal(await list(kg.gather(x, 0, both.narrow(0, 1, 1))), [6])
  assign(both, index([2, 2])) // as loading a state does
  assert.equal(await list(kg.gather(x, 0, both)), [7, 7])
})

test('the padding row of an embedding has a value and no gradient', async () => {
  const w = at([
    [1, 2],
    [3, 4],
    [5, 6],
  ])
  const y = kg.embedding(
    index([
      [1, 2],
      [1, 0],
    ]),
    w,
    { paddingIdx: 1 },
  )
  assert.equal(await list(y), [3, 4, 5, 6, 3, 4, 1, 2])
  assert.equal(await list(grad(y.sum(), w)), [1, 1, 0, 0, 1, 1])
})

test('an Embedding layer begins with zeros for padding, and training leaves them', async () => {
  const layer = new kg.nn.Embedding(4, 3, { paddingIdx: 2 })
  const step = new kg.nn.SGD(layer.parameters(), { lr: 0.1 })
  scope(() => {
    layer
      .forward(index([0, 2, 2, 3]))
      .sum()
      .backward()
    step.step()
  })
  assert.equal((await list(layer.weight)).slice(6, 9), [0, 0, 0])
})

test('the extremes of a long row are found', async () => {
  const n = 100_000
  const x = tensor(Float32Array.from({ length: n }, (_, i) => (i * 7919) % n))
  assert.is(await kg.max(x).item(), n - 1)
  assert.is(await kg.min(x).item(), 0)
  assert.is(await kg.argmax(x).item(), (await list(x)).indexOf(n - 1))
})

test('dropout zeroes a fraction p, keeps the mean, and follows the seed', async () => {
  const x = kg.ones([100_000])
  const drop = async (p: number) => {
    kg.manualSeed(5)
    return list(kg.dropout(x, p))
  }
  for (const p of [0.1, 0.5, 0.9]) {
    const y = await drop(p)
    const left = y.filter(v => v === 0).length / y.length
    assert.ok(Math.abs(left - p) < 0.01, `a fraction of ${left} is zero, not ${p}`)
    const kept = Math.fround(1 / (1 - p))
    assert.ok(y.every(v => v === 0 || Math.abs(v - kept) < 1e-6 * kept))
    assert.equal(await drop(p), y)
  }
})

test('what dropout zeroes has no gradient', async () => {
  const x = kg.ones([1000], { requiresGrad: true })
  const y = kg.dropout(x, 0.3)
  assert.equal(await list(grad(y.sum(), x)), await list(y))
})

test('a Dropout layer in evaluation changes nothing', async () => {
  const layer = new kg.nn.Dropout(0.9).eval()
  const x = kg.rand([50])
  assert.equal(await list(layer.forward(x)), await list(x))
})

// biome-ignore format: a table reads in columns
const refusals: [f: () => unknown, said: RegExp][] = [
  [() => kg.cat([]),                                            /^cat: no tensors/],
  [() => kg.cat([kg.ones([2, 3]), kg.ones([3, 2])], 1),         /^cat: \[2, 3\] f32, \[3, 2\] f32 along dim 1/],
  [() => kg.stack([kg.ones([2]), kg.ones([3])]),                /^stack: \[2\], \[3\]; all shapes must be equal/],
  [() => kg.gather(kg.ones([2]), 0, kg.ones([2])),              /^gather: x is \[2\], the index \[2\] f32; it must be i32/],
  [() => kg.indexSelect(kg.ones([2]), 0, index([[1]])),         /^indexSelect: .* a list of i32/],
  [() => kg.embedding(index([0]), kg.ones([3])),                /^embedding: .* the weight \[3\]; .* \[entries, width\]/],
  [() => kg.max(kg.ones([0])),                                  /^max: x is \[0\]; there is no element/],
  [() => kg.amin(kg.ones([3, 0]), 1),                           /^amin: x is \[3, 0\]; there is no element/],
  [() => kg.dropout(kg.ones([2]), 1.5),                         /^dropout: p is 1.5; it must be from 0 to 1/],
]

for (const [f, said] of refusals) {
  test(`an error says ${said.source}`, () => {
    assert.throws(f, said)
  })
}

test.run()
