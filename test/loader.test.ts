import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { batches } from '../src/data/batches.js'
import { pixels, split, take } from '../src/data/dataset.js'
import { columns } from '../src/data/examples.js'
import { DataLoader } from '../src/data/loader.js'
import { memory, ones, type Tensor, tensor } from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)

const x = Float32Array.from({ length: 7 * 2 }, (_, i) => i)
const samples = { x, shape: [2], y: [0, 1, 2, 3, 4, 5, 6] }

test('batches cover every sample once, the last one short', () => {
  const cut = [...batches(7, { batchSize: 3, shuffle: true, seed: 5 })]
  assert.equal(
    cut.map(b => b.length),
    [3, 3, 1],
  )
  assert.equal(
    cut.flat().sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6],
  )
  assert.equal(
    [...batches(7, { batchSize: 3, dropLast: true })],
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
  )
})

test('the order is a function of seed and epoch', () => {
  const order = (seed: number, epoch: number) =>
    [...batches(50, { batchSize: 50, shuffle: true, seed, epoch })][0]
  assert.equal(order(1, 0), order(1, 0))
  assert.not.equal(order(1, 0), order(1, 1))
  assert.not.equal(order(1, 0), order(2, 0))
  assert.not.equal(order(1, 0), order(1 + 2 ** 32, 0))
})

test('each loop over a loader is an epoch with an order of its own', async () => {
  const orders = async (loader: DataLoader) => {
    const seen: number[][] = [[], []]
    for (const epoch of seen) for await (const { index } of loader) epoch.push(...index)
    return seen
  }
  const many = { x: new Float32Array(40), shape: [] }
  const options = { batchSize: 7, shuffle: true, seed: 3 }
  const [first, second] = await orders(new DataLoader(many, options))
  assert.not.equal(first, second)
  assert.equal(await orders(new DataLoader(many, options)), [first, second])
})

test('batches without labels have none, and with dropLast the short one is left out', async () => {
  const loader = new DataLoader({ x, shape: [2] }, { batchSize: 3, dropLast: true })
  const shapes: (readonly number[])[] = []
  for await (const batch of loader) {
    assert.is(batch.y, undefined)
    shapes.push(batch.x.shape)
  }
  assert.equal(shapes, [
    [3, 2],
    [3, 2],
  ])
  assert.is(loader.length, 2)
})

test('samples and labels stay together', async () => {
  const loader = new DataLoader(samples, { batchSize: 3, shuffle: true })
  let seen = 0
  for await (const batch of loader) {
    const [rows, labels] = [await batch.x.data(), await batch.y!.data<Int32Array<ArrayBuffer>>()]
    batch.index.forEach((sample, i) => {
      assert.equal([rows[2 * i], rows[2 * i + 1], labels[i]], [2 * sample, 2 * sample + 1, sample])
      seen++
    })
  }
  assert.is(seen, 7)
  assert.is(loader.length, 3)
})

test('fractions are labels as they are; whole numbers remain classes', async () => {
  const labels = async (y: ArrayLike<number>) => {
    const loader = new DataLoader({ x: new Float32Array(y.length), shape: [], y }, { batchSize: 2 })
    const seen: [string, number[]][] = []
    for await (const { y } of loader) seen.push([y!.dtype, [...(await y!.data())]])
    return seen
  }
  assert.equal(await labels([1, 2, 0.5]), [
    ['f32', [1, 2]], // in every batch alike
    ['f32', [0.5]],
  ])
  assert.equal(await labels([0, 7]), [['i32', [0, 7]]])
  assert.equal(await labels(Uint8Array.of(0, 7)), [['i32', [0, 7]]])
  assert.equal(await labels(Uint8Array.of(0, 7)), [['i32', [0, 7]]])
  assert.equal(await labels(Uint32Array.of(0, 2 ** 31)), [['u32', [0, 2 ** 31]]])
  assert.equal(await labels(Float32Array.of(0, 7)), [['f32', [0, 7]]])
  assert.equal(await labels([NaN, 1]), [['f32', [NaN, 1]]])
  assert.equal(await labels([2 ** 31, 1]), [['f32', [2 ** 31, 1]]])
  assert.throws(
    () => new DataLoader({ x: new Float32Array(1), shape: [], y: [2 ** 31 + 1] }, { batchSize: 1 }),
    /DataLoader: y: 2147483649 fits neither i32 nor f32/,
  )
})

test('an iteration of the loop is a scope, also when the loop ends early', async () => {
  const before = memory().tensors
  let old: Tensor | null = null
  for await (const { x } of new DataLoader(samples, { batchSize: 3 })) {
    if (old) {
      assert.throws(() => old!.sum(), /loader\.test\.ts|module\.js/)
      break
    }
    old = ones(x.shape)
  }
  assert.is(memory().tensors, before)
})

test('an error thrown in the loop ends its scope too', async () => {
  const before = memory().tensors
  try {
    for await (const { x } of new DataLoader(samples, { batchSize: 3 })) {
      ones(x.shape)
      throw new Error('mine')
    }
  } catch (error) {
    assert.is((error as Error).message, 'mine')
  }
  assert.is(memory().tensors, before)
})

test('wrong sizes and options are refused, with the numbers', () => {
  assert.throws(
    () => new DataLoader({ x, shape: [4] }, { batchSize: 1 }),
    /14 values for samples of \[4\]; that is 3.5 samples/,
  )
  assert.throws(
    () => new DataLoader({ x, shape: [2], y: [1] }, { batchSize: 1 }),
    /1 samples in y, 7 in x/,
  )
  assert.throws(() => new DataLoader(samples, { batchSize: 0 }), /batchSize is 0/)
})

test('a dataset of any fields gives batches of those fields, each with its dtype', async () => {
  const dataset = columns({
    image: { data: Uint8Array.from({ length: 12 }, (_, i) => i), shape: [2, 2] },
    target: Float32Array.of(0.5, 1, 2),
    label: [2, 0, 1],
    weight: [0.5, 1, 1],
  })
  const seen: [number[], number[], number[]][] = []
  for await (const { image, target, label, weight, index } of new DataLoader(dataset, {
    batchSize: 2,
  })) {
    assert.equal(
      [image, target, label, weight].map(({ dtype }) => dtype),
      ['u32', 'f32', 'i32', 'f32'],
    )
    assert.equal(image.shape, [index.length, 2, 2])
    seen.push([[...(await image.data())], [...(await label.data())], [...(await target.data())]])
  }
  assert.equal(seen, [
    [
      [0, 1, 2, 3, 4, 5, 6, 7],
      [2, 0],
      [0.5, 1],
    ],
    [[8, 9, 10, 11], [1], [2]],
  ])
})

test('a dataset may be a class of one’s own whose samples arrive later', async () => {
  class Squares {
    readonly length = 5
    readonly dtypes = { root: 'i32' } as const
    async get(i: number) {
      return { root: i, pair: [i, i * i], flag: i % 2 === 0 }
    }
  }
  const loader = new DataLoader(new Squares(), {
    batchSize: 3,
    transform: ({ root, pair }) => ({ root, pair, cube: Float32Array.of(root ** 3) }),
  })
  const seen: unknown[] = []
  for await (const { root, pair, cube } of loader) {
    assert.equal([root.dtype, pair.dtype], ['i32', 'f32'])
    seen.push(await root.array(), await pair.array(), await cube.array())
  }
  assert.equal(seen.slice(3), [
    [3, 4],
    [
      [3, 9],
      [4, 16],
    ],
    [[27], [64]],
  ])
})

test('a transform draws the same random numbers for a sample of an epoch, in any batch', async () => {
  const draws = async (batchSize: number, seed = 1) => {
    const loader = new DataLoader(samples, {
      batchSize,
      seed,
      shuffle: true,
      transform: (_, random) => ({ noise: [random(), random()] }),
    })
    const epochs: number[][][] = [[], []]
    for (const epoch of epochs)
      for await (const { noise, index } of loader)
        for (const [i, row] of ((await noise.array()) as number[][]).entries())
          epoch[index[i]] = row
    return epochs
  }
  const [first, second] = await draws(3)
  assert.equal(await draws(2), [first, second])
  assert.not.equal(first, second)
  assert.not.equal((await draws(3, 2))[0], first)
  assert.is(new Set(first.flat()).size, 14)
})

test('collate makes batches of samples that differ in shape', async () => {
  const words = { length: 3, get: (i: number) => ({ word: new Float32Array(i + 1).fill(i) }) }
  const loader = new DataLoader(words, {
    batchSize: 3,
    collate: batch => ({
      word: tensor(batch.map(({ word }) => [...word, 0, 0].slice(0, 3))),
    }),
  })
  for await (const { word } of loader)
    assert.equal(await word.array(), [
      [0, 0, 0],
      [1, 1, 0],
      [2, 2, 2],
    ])
  const plain = async () => {
    for await (const _ of new DataLoader(words, { batchSize: 3 })) return
  }
  let message = ''
  await plain().catch(error => {
    message = error.message
  })
  assert.match(message, /word is \[1\] in sample 0 of a batch and \[2\] in sample 1; .* collate/)
})

test('a loader goes on in the middle of an epoch, in the same order', async () => {
  const make = () => new DataLoader(samples, { batchSize: 2, shuffle: true, seed: 9 })
  const run = async (loader: DataLoader, cut = Infinity) => {
    const seen: string[] = []
    while (loader.epoch < 3)
      for await (const { index } of loader) {
        seen.push(`${loader.epoch}: ${index}`)
        if (seen.length === cut) return { seen, state: loader.stateDict() }
      }
    return { seen, state: loader.stateDict() }
  }
  const { seen: all } = await run(make())
  assert.is(all.length, 12)
  for (const cut of [1, 4, 6, 11]) {
    const { seen, state } = await run(make(), cut)
    const again = make()
    again.loadStateDict(JSON.parse(JSON.stringify(state)))
    assert.equal([...seen, ...(await run(again)).seen], all)
  }
  const third = make()
  third.setEpoch(2)
  assert.equal((await run(third)).seen, all.slice(8))
  const other = new DataLoader(samples, { batchSize: 3, shuffle: true, seed: 9 })
  assert.throws(
    () => other.loadStateDict(make().stateDict()),
    /batchSize is 2 in the state and 3 here, so the order is another one/,
  )
  assert.throws(
    () => make().loadStateDict({ ...make().stateDict(), batch: 5 }),
    /epoch 0, batch 5; both are whole numbers, and an epoch has 4 batches/,
  )
})

test('columns of other lengths are refused, with the numbers', () => {
  assert.throws(() => columns({ a: [1, 2], b: [1] }), /columns: 1 samples in b, 2 in a/)
  const odd = { data: [1, 2, 3], shape: [2] }
  assert.throws(() => columns({ odd }), /columns: odd has 3 values for samples of \[2\]/)
})

test('pixels are scaled in f32 as PyTorch does', () => {
  const set = {
    images: Uint8Array.of(0, 255, 51),
    labels: Uint8Array.of(1, 2, 3),
    count: 3,
    height: 1,
    width: 1,
  }
  const { fround } = Math
  assert.equal([...pixels(set)], [-1, 1, fround(fround(fround(0.2) - 0.5) / 0.5)])
  assert.equal([...pixels(set, { mean: 0, std: 1 })], [0, 1, fround(0.2)])
  const [first, rest] = split(set, 2)
  assert.equal([first.count, [...rest.images], [...rest.labels]], [2, [51], [3]])
  assert.equal(take(set, 2), first)
  assert.throws(() => split(set, 4), /split: 4 of 3 images/)
})

test.run()
