/** Sums, products, norms and sums of products where they are special: zeros, infinities, lengths. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../../src/index.js'
import { gpu } from '../gpu.js'

test.before(gpu)

const { grad, ones, tensor } = kg
const list = async (t: kg.Tensor) => [...(await t.data())]
const leaf = (data: number[]) => tensor(data, { requiresGrad: true })

test('the gradient of a product is right where elements are 0', async () => {
  const [one, two] = [leaf([2, 0, 5]), leaf([0, 3, 0])]
  assert.equal(await list(grad(one.prod(), one)), [0, 10, 0])
  assert.equal(await list(grad(two.prod(), two)), [0, 0, 0])
})

test('a product of none is 1, any of none is false, all of none is true', async () => {
  const none = ones([2, 0])
  assert.equal(await list(none.prod(1)), [1, 1])
  assert.equal(await none.any(1).array(), [false, false])
  assert.equal(await none.all(1).array(), [true, true])
  assert.is(await tensor([NaN, 1]).all().item(), 1)
})

test('the gradient of a norm at 0 is 0', async () => {
  for (const p of [1, 2, 3, Infinity]) {
    const x = leaf([0, 0])
    assert.equal(await list(grad(x.norm(p), x)), [0, 0], `p = ${p}`)
  }
})

test('logSumExp neither overflows nor loses infinities', async () => {
  assert.is(await tensor([1000, 1000]).logSumExp().item(), Math.fround(1000 + Math.log(2)))
  assert.is(await tensor([-Infinity, -Infinity]).logSumExp().item(), -Infinity)
  assert.is(await tensor([Infinity, 0]).logSumExp().item(), Infinity)
  assert.ok(Number.isNaN(await tensor([NaN, 0]).logSumExp().item()))
})

test('running sums of a long row stay right', async () => {
  const n = 100_000
  const whole = await list(ones([n], { dtype: 'i32' }).cumsum(0))
  assert.ok(whole.every((y, i) => y === i + 1))
  const x = kg.rand([n])
  const [values, sums] = [await list(x), await list(x.cumsum(0))]
  let sum = 0
  const worst = values.reduce((most, v, i) => {
    sum += v
    return Math.max(most, Math.abs(sums[i] - sum) / sum)
  }, 0)
  assert.ok(worst < 1e-6, `relative error ${worst}`)
})

test('unfold and diagonal are views', () => {
  const x = ones([5, 7])
  assert.is(x.unfold(1, 3, 2).storage, x.storage)
  assert.is(x.diagonal({ offset: 1 }).storage, x.storage)
})

test('linspace includes both ends', async () => {
  assert.equal(await list(kg.linspace(0, 1, 5)), [0, 0.25, 0.5, 0.75, 1])
  assert.equal(await list(kg.linspace(3, -3, 2)), [3, -3])
  assert.equal(await list(kg.linspace(7, 8, 1)), [7])
  assert.equal(await list(kg.linspace(0, 0.1, 4)).then(y => y.at(-1)), Math.fround(0.1))
})

test('attention uses only what a mask of bools allows', async () => {
  const [q, k, v] = [kg.randn([3, 4]), kg.randn([3, 4]), kg.randn([3, 2])]
  const mask = kg.ones([3, 3], { dtype: 'bool' }).tril()
  const [a, b] = [{ mask }, { isCausal: true }].map(o => kg.scaledDotProductAttention(q, k, v, o))
  assert.equal(await list(a), await list(b))
  assert.equal(await list(a.select(0, 0)), await list(v.select(0, 0)))
  const none = { mask: kg.zeros([3, 3], { dtype: 'bool' }) }
  assert.ok((await list(kg.scaledDotProductAttention(q, k, v, none))).every(Number.isNaN))
  const dropped = kg.scaledDotProductAttention(q, k, v, { dropoutP: 1 })
  assert.equal(await list(dropped), [0, 0, 0, 0, 0, 0])
})

test('einsum without an arrow has the single names in the order of the alphabet', async () => {
  const [a, b] = [kg.randn([3, 4]), kg.randn([4, 2])]
  assert.equal(await kg.einsum('ij,jk', [a, b]).array(), await a.matmul(b).array())
  assert.equal(await kg.einsum('ba', [a]).array(), await a.transpose().array())
  assert.equal(kg.einsum('...j', [kg.ones([2, 3, 4])]).shape, [2, 3, 4])
})

// biome-ignore format: a table reads in columns
const refusals: [f: () => unknown, said: RegExp][] = [
  [() => kg.prod(ones([2], { dtype: 'bool' })),               /^prod: \[2\] is bool; use all/],
  [() => kg.cumsum(ones([2], { dtype: 'bool' }), 0),          /^cumsum: \[2\] is bool; count/],
  [() => kg.norm(ones([2]), 'fro' as never),                  /^norm: p is 'fro'; it must be a number/],
  [() => kg.diagonal(ones([2])),                              /^diagonal: x is \[2\]; it must have two/],
  [() => kg.diagonal(ones([2, 2]), { dim1: 1 }),              /^diagonal: dim1 is 1 and dim2 is 1/],
  [() => kg.trace(ones([2, 2, 2])),                           /^trace: x is \[2, 2, 2\]; .* matrix/],
  [() => kg.unfold(ones([5]), 0, 6, 1),                       /^unfold: windows of 6, 1 apart, along dim 0 of \[5\]/],
  [() => kg.im2col(ones([5, 5]), 2),                          /^im2col: x is Tensor \[5, 5\] f32.*; it must be \[n, c, h, w\]/],
  [() => kg.im2col(ones([1, 3, 3]), 4),                       /^im2col: x is .*; a window of \[4, 4\] .* larger than the image/],
  [() => kg.col2im(ones([1, 8, 9]), 5, 2),                    /^col2im: x is \[1, 8, 9\]; .* are \[n, c · 4, 16\]/],
  [() => kg.meshgrid([ones([2, 2])]),                         /^meshgrid: \[2, 2\] f32; there must be one vector/],
  [() => kg.meshgrid([ones([2])], { indexing: 'yx' as 'xy' }), /^meshgrid: indexing is 'yx'; it must be 'ij' or 'xy'/],
  [() => kg.meshgrid(ones([2]) as never),                     /^meshgrid: .* it must be a list: meshgrid\(\[x, y\]/],
  [() => kg.oneHot(kg.arange(5), 4),                          /^oneHot: the index holds 4; allowed are 0 to 3/],
  [() => kg.oneHot(ones([5]), 4),                             /^oneHot: the index is \[5\] f32, of 4 classes/],
  [() => kg.linspace(0, 1, -1),                               /^linspace: -1 steps from 0 to 1/],
  [() => kg.einsum('ij,jk->ik', [ones([2, 3]), ones([4, 5])]), /^einsum: 'ij,jk->ik' of \[2, 3\], \[4, 5\]; 'j' is 3 and 4/],
  [() => kg.einsum('ij->ik', [ones([2, 3])]),                 /^einsum: 'ij->ik' .* each name of the result must be/],
  [() => kg.einsum('ij', [ones([2])]),                        /^einsum: 'ij' of \[2\]; 'ij' names 2 dims, and the tensor has 1/],
  [() => kg.einsum('ij,jk', [ones([2, 3])]),                  /^einsum: .* it is for 2 tensors, and there are 1/],
  [() => kg.einsum('i.j', [ones([2, 3])]),                    /^einsum: .* it must be letters/],
  [() => kg.einsum('ii', [ones([1, 3])]),                     /^einsum: .* 'i' is 1 and 3/],
  [() => kg.scaledDotProductAttention(ones([2, 3]), ones([2, 4]), ones([2, 3])), /^scaledDotProductAttention: Q is \[2, 3\]/],
  [() => kg.scaledDotProductAttention(ones([2, 3]), ones([2, 3]), ones([2, 3]), { isCausal: true, mask: ones([2, 2]) }), /a mask and isCausal/],
]

for (const [f, said] of refusals)
  test(`an error says ${said.source}`, () => {
    assert.throws(f, said)
  })

test.run()
