/** Sorting, scattering and random choices: order, ties, duplicates, long rows, and refusals. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../../src/index.js'
import { sumElements } from '../../src/launches/scatter.js'
import { gpu } from '../gpu.js'

test.before(gpu)

const { grad, ones, tensor } = kg
const list = async (t: kg.Tensor) => [...(await t.data())]
const index = (data: number[]) => tensor(data, { dtype: 'i32' })

test('a long row is sorted, and equal elements stay in their order', async () => {
  const x = kg.randint(-50, 50, [2, 5000])
  const [values, at] = x.sort()
  const rows = [0, 1].map(async r => {
    const given = await list(x.select(0, r))
    const want = [...given.keys()].sort((a, b) => given[a] - given[b] || a - b)
    assert.equal(await list(at.select(0, r)), want)
    assert.equal(
      await list(values.select(0, r)),
      want.map(i => given[i]),
    )
  })
  await Promise.all(rows)
})

test('NaN is larger than all numbers, −0 is 0, and whole numbers have their sign', async () => {
  const x = tensor([NaN, 0, -Infinity, -0, Infinity, -1])
  assert.equal(await list(x.argsort()), [2, 5, 1, 3, 4, 0])
  assert.equal(await list(x.argsort(0, { descending: true })), [0, 4, 1, 3, 5, 2])
  assert.equal(await list(index([3, -1, 2]).argsort()), [1, 2, 0])
  const big = tensor([3, 2 ** 32 - 1, 2], { dtype: 'u32' })
  assert.equal(await list(big.argsort()), [2, 0, 1])
  assert.equal(await tensor([true, false]).sort()[0].array(), [false, true])
})

test('topk takes the first of equal ones, and its gradient goes there', async () => {
  const x = tensor([1, 3, 3, 2], { requiresGrad: true })
  const [y, at] = x.topk(2)
  assert.equal(await list(at), [1, 2])
  assert.equal(await list(grad(y.mul(tensor([5, 7])).sum(), x)), [0, 5, 7, 0])
})

test('of several elements for one place scatter writes the last', async () => {
  const x = tensor([9, 9, 9], { requiresGrad: true })
  const src = tensor([1, 2, 3, 4], { requiresGrad: true })
  const y = x.scatter(0, index([1, 0, 1, 1]), src)
  assert.equal(await list(y), [2, 4, 9])
  const [dx, ds] = grad(y.sum(), [x, src])
  assert.equal([await list(dx), await list(ds)], [[0, 0, 1], [0, 1, 0, 1]]) // biome-ignore format: two rows
  assert.equal(await list(x.scatter(0, index([2]), 5)), [9, 9, 5])
})

test('an index from the GPU that lies outside is left out', async () => {
  const at = index([0, 4]).sub(index([1, 1])) // −1, 3
  assert.equal(await list(ones([3]).scatter(0, at, 7)), [1, 1, 1])
  assert.equal(await list(ones([3]).scatterAdd(0, at, ones([2]))), [1, 1, 1])
})

test('sums of many elements have the same bits, whichever way they are computed', async () => {
  const [x, at] = [kg.randn([3000, 2]), kg.randint(0, 40, [3000, 2])]
  const sorted = sumElements(x, 0, at, [40, 2])
  const [values, places] = [await list(x), await list(at)]
  const want = new Float32Array(80)
  for (const [i, j] of places.entries()) want[2 * j + (i % 2)] += values[i]
  assert.equal(await list(sorted), [...want])
})

test('randperm has every number once, and follows the seed', async () => {
  const draw = () => {
    kg.manualSeed(3)
    return list(kg.randperm(1000))
  }
  const order = await draw()
  assert.equal(
    order.toSorted((a, b) => a - b),
    [...Array(1000).keys()],
  )
  assert.ok(order.some((v, i) => v !== i))
  assert.equal(await draw(), order)
})

test('randint has all of its numbers and no others', async () => {
  const x = await list(kg.randint(-2, 3, [1000]))
  assert.equal([...new Set(x)].sort((a, b) => a - b), [-2, -1, 0, 1, 2]) // biome-ignore format: one line
  const wide = await list(kg.randint(-(2 ** 31), 2 ** 31 - 1, [1000]))
  assert.ok(Math.min(...wide) < -(2 ** 30) && Math.max(...wide) > 2 ** 30)
})

test('bernoulli has the mean p, and is sure for 0 and 1', async () => {
  const p = tensor([0, 0.3, 1]).unsqueeze(1).expand([3, 20_000])
  const [never, some, always] = await list(kg.bernoulli(p).mean(1))
  assert.equal([never, always], [0, 1])
  assert.ok(Math.abs(some - 0.3) < 0.02, `${some}`)
})

test('multinomial draws in proportion to weights, and never what has none', async () => {
  kg.manualSeed(1)
  const weights = tensor([1, 0, 3, 4])
  const y = await list(kg.multinomial(weights, 20_000, { replacement: true }))
  const share = (k: number) => y.filter(v => v === k).length / y.length
  for (const [k, want] of [0.125, 0, 0.375, 0.5].entries())
    assert.ok(Math.abs(share(k) - want) < 0.02, `${k}: ${share(k)}`)
  const rows = kg.multinomial(weights.expand([5000, 4]), 2)
  const first = await list(rows.select(1, 0))
  assert.ok(Math.abs(first.filter(v => v === 3).length / 5000 - 0.5) < 0.04)
  const pairs = (await rows.array()) as number[][]
  assert.ok(pairs.every(([a, b]) => a !== b && a !== 1 && b !== 1))
})

test('a compiled step draws other choices in each replay', async () => {
  const step = kg.compile((w: kg.Tensor) => kg.multinomial(w, 50, { replacement: true }))
  const w = ones([1000])
  const draws = [await list(step(w)), await list(step(w)), await list(step(w))]
  assert.is(new Set(draws.map(String)).size, 3)
})

// biome-ignore format: a table reads in columns
const refusals: [f: () => unknown, said: RegExp][] = [
  [() => kg.topk(ones([2, 3]), 4),                        /^topk: k is 4 along dim -1 of \[2, 3\]; it must be 0 to 3/],
  [() => kg.sort(ones([2]), 1),                           /^sort: dim is 1; a tensor of rank 1/],
  [() => kg.scatter(ones([2]), 0, index([2]), 1),         /^scatter: the index holds 2; allowed are 0 to 1/],
  [() => kg.scatter(ones([2]), 0, ones([1]), 1),          /^scatter: x is \[2\] f32, the index \[1\] f32, src/],
  [() => kg.scatterAdd(ones([2, 2]), 0, index([0]), ones([1])), /^scatterAdd: x is \[2, 2\] f32, the index \[1\] i32/],
  [() => kg.searchSorted(ones([2, 3]), ones([3, 2])),     /^searchSorted: sorted is \[2, 3\] f32, values \[3, 2\]/],
  [() => kg.multinomial(ones([3]), 4),                    /^multinomial: 4 samples of weights \[3\]/],
  [() => kg.randint(3, 3, [2]),                           /^randint: from 3 to before 3/],
  [() => kg.randperm(-1),                                 /^randperm: n is -1/],
]

for (const [f, said] of refusals)
  test(`an error says ${said.source}`, () => {
    assert.throws(f, said)
  })

test.run()
