/** Tensors before any gradient: how they are made, seen, read, printed, and when they end. */
import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  add,
  arange,
  expand,
  eye,
  full,
  fullLike,
  keep,
  matmul,
  memory,
  ones,
  onesLike,
  permute,
  reshape,
  scope,
  slice,
  squeeze,
  type Tensor,
  tensor,
  transpose,
  unsqueeze,
  zeros,
  zerosLike,
} from '../src/index.js'
import { gpu } from './gpu.js'

test.before(gpu)

/** Name, tensor, its dtype, its shape, its values as nested arrays. */
// biome-ignore format: a table reads in columns
const creations: [name: string, make: () => Tensor, dtype: string, shape: number[], values: unknown][] = [
  ['a number',                  () => tensor(2.5),                              'f32',  [],        2.5],
  ['nested arrays',             () => tensor([[1, 2, 3], [4, 5, 6]]),           'f32',  [2, 3],    [[1, 2, 3], [4, 5, 6]]],
  ['truth values',              () => tensor([true, false]),                    'bool', [2],       [true, false]],
  ['a Float32Array',            () => tensor(Float32Array.of(1, 2)),            'f32',  [2],       [1, 2]],
  ['a Float64Array',            () => tensor(Float64Array.of(0.5, 2)),          'f32',  [2],       [0.5, 2]],
  ['an Int32Array',             () => tensor(Int32Array.of(-1, 2)),             'i32',  [2],       [-1, 2]],
  ['an Int8Array',              () => tensor(Int8Array.of(-1, 2)),              'i32',  [2],       [-1, 2]],
  ['a Uint32Array',             () => tensor(Uint32Array.of(1, 4294967295)),    'u32',  [2],       [1, 4294967295]],
  ['a Uint8Array',              () => tensor(Uint8Array.of(1, 255)),            'u32',  [2],       [1, 255]],
  ['a typed array and a shape', () => tensor(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] }), 'f32', [2, 2], [[1, 2], [3, 4]]],
  ['part of a typed array',     () => tensor(Float32Array.of(9, 1, 2, 9).subarray(1, 3)), 'f32', [2], [1, 2]],
  ['numbers with a dtype',      () => tensor([0, 2.9, -1], { dtype: 'i32' }),   'i32',  [3],       [0, 2, -1]],
  ['numbers as bools',          () => tensor([0, 2, -1], { dtype: 'bool' }),    'bool', [3],       [false, true, true]],
  ['nothing',                   () => tensor([]),                               'f32',  [0],       []],
  ['rows of nothing',           () => tensor([[], []]),                         'f32',  [2, 0],    [[], []]],
  ['rank 6',                    () => tensor([[[[[[1], [2]]]]]]),               'f32',  [1, 1, 1, 1, 2, 1], [[[[[[1], [2]]]]]]],
  ['zeros',                     () => zeros([2, 2]),                            'f32',  [2, 2],    [[0, 0], [0, 0]]],
  ['ones',                      () => ones([3], { dtype: 'u32' }),              'u32',  [3],       [1, 1, 1]],
  ['full',                      () => full([2], -7),                            'f32',  [2],       [-7, -7]],
  ['full of a truth value',     () => full([2], true),                          'bool', [2],       [true, true]],
  ['a full scalar',             () => full([], 3, { dtype: 'i32' }),            'i32',  [],        3],
  ['zeros of size 0',           () => zeros([2, 0, 3]),                         'f32',  [2, 0, 3], [[], []]],
  ['zerosLike',                 () => zerosLike(tensor([true])),                'bool', [1],       [false]],
  ['onesLike',                  () => onesLike(tensor([[5]])),                  'f32',  [1, 1],    [[1]]],
  ['fullLike',                  () => fullLike(tensor(Int32Array.of(1)), 4),    'i32',  [1],       [4]],
  ['arange to',                 () => arange(4),                                'i32',  [4],       [0, 1, 2, 3]],
  ['arange from to',            () => arange(2, 5),                             'i32',  [3],       [2, 3, 4]],
  ['arange in steps',           () => arange(1, 2, 0.25),                       'f32',  [4],       [1, 1.25, 1.5, 1.75]],
  ['arange downwards',          () => arange(5, 0, -2),                         'i32',  [3],       [5, 3, 1]],
  ['arange of nothing',         () => arange(3, 1),                             'i32',  [0],       []],
  ['arange of a dtype',         () => arange(0, 2, 1, { dtype: 'f32' }),        'f32',  [2],       [0, 1]],
  ['eye',                       () => eye(2),                                   'f32',  [2, 2],    [[1, 0], [0, 1]]],
  ['a wide eye',                () => eye(2, 3),                                'f32',  [2, 3],    [[1, 0, 0], [0, 1, 0]]],
]

for (const [name, make, dtype, shape, values] of creations) {
  test(`a tensor of ${name} has its dtype, shape and values`, async () => {
    const t = make()
    assert.is(t.dtype, dtype)
    assert.equal(t.shape, shape)
    assert.equal(await t.array(), values)
  })
}

// biome-ignore format: a table reads in columns
const refusals: [claim: string, f: () => unknown, message: RegExp][] = [
  ['ragged rows',                () => tensor([[1, 2], [3]]),                  /tensor: rows differ: one of dimension 1 has 1 elements, the first has 2; all must have the same/],
  ['rows of different depth',    () => tensor([[1], 2] as never),              /tensor: rows differ/],
  ['text among numbers',         () => tensor(['1'] as never),                 /tensor: string among the values/],
  ['values for another shape',   () => tensor([1, 2, 3], { shape: [2, 2] }),   /tensor: 3 values for shape \[2, 2\], which holds 4/],
  ['a negative size',            () => zeros([2, -1]),                         /zeros: shape is \[2, -1\]; sizes are whole numbers from 0 up/],
  ['a broken size',              () => eye(1.5),                               /eye: shape is \[1\.5, 1\.5\]/],
  ['a step of 0',                () => arange(0, 1, 0),                        /arange: from 0 to 1 in steps of 0/],
  ['shapes that do not broadcast', () => add(ones([2, 3]), ones([2, 4])),      /add: \[2, 3\] and \[2, 4\] do not broadcast; sizes 3 and 4/],
  ['matrices that do not fit',   () => matmul(ones([2, 3]), ones([4, 5])),     /matmul: A is \[2, 3\] and B is \[4, 5\]; the columns of A \(3\) must equal the rows of B \(4\)/],
  ['batches that do not fit',    () => matmul(ones([2, 3, 4]), ones([3, 4, 5])), /matmul: \[2\] and \[3\] do not broadcast/],
  ['a scalar as a matrix',       () => matmul(ones([]), ones([4])),            /matmul: A is \[\] and B is \[4\]; a scalar is no matrix: use mul/],
  ['a layer of another size',    () => ones([5, 7]).linear(ones([3, 8])),      /linear: x is \[5, 7\], weight is \[3, 8\]/],
  ['a target of another shape',  () => ones([2]).mseLoss(ones([1, 2])),        /mseLoss: x is \[2\] and the target is \[1, 2\]; they must be equal/],
  ['a reshape that loses elements', () => reshape(ones([2, 3]), [4]),          /reshape: \[2, 3\] to \[4\]; 6 elements must stay 6/],
  ['a reshape with two gaps',    () => reshape(ones([2, 3]), [-1, -1]),        /reshape: \[2, 3\] to \[-1, -1\]/],
  ['an expand of more than 1',   () => expand(ones([2, 3]), [2, 6]),           /expand: \[2, 3\] to \[2, 6\]; aligned at the last dimension, only sizes of 1 can grow/],
  ['a sumTo that is no adjoint', () => ones([2, 3]).sumTo([2]),                /sumTo: \[2, 3\] to \[2\]/],
  ['a dim that is not there',    () => ones([2, 3]).sum(2),                    /sum: dim is 2; a tensor of rank 2 has dims -2 to 1/],
  ['a sum of bools',             () => tensor([true]).sum(),                   /sum: \[1\] is bool; count its true values with to\('i32'\)\.sum\(\)/],
  ['a dim named twice',          () => ones([2, 3]).mean([0, -2]),             /mean: dims \[0,-2\] name one dimension twice/],
  ['a permutation with gaps',    () => permute(ones([2, 3]), [0]),             /permute: dims \[0\] for \[2, 3\]/],
  ['a step backwards',           () => slice(ones([5]), 0, { step: -1 }),      /slice: step is -1; it must be a whole number above 0/],
  ['a narrow past the end',      () => ones([5]).narrow(0, 3, 3),              /narrow: 3 elements from 3 along dim 0 of \[5\], which has 5/],
  ['a select past the end',      () => ones([5]).select(0, 5),                 /select: index 5 along dim 0 of \[5\]; it runs from -5 to 4/],
  ['0 chunks',                   () => ones([5]).chunk(0),                     /chunk: 0 chunks; there must be at least 1/],
  ['a condition that is no bool', () => ones([2]).where(1, 2),                 /where: condition is f32/],
  ['a broken number for whole ones', () => ones([2], { dtype: 'i32' }).add(0.5), /add: 0.5 with a tensor of i32; the number must be whole/],
  ['two numbers',                () => add(1, 2),                              /add: got 1 and 2; one of them must be a tensor/],
  ['limits in the wrong order',  () => ones([2]).clamp({ min: 2, max: 1 }),    /clamp: min 2 is above max 1/],
]

for (const [what, f, message] of refusals) {
  test(`${what}: refused, with the numbers`, () => assert.throws(f, message))
}

// biome-ignore format: a table reads in columns
const views: [name: string, f: (x: Tensor) => Tensor, shape: number[]][] = [
  ['reshape',   x => reshape(x, [6, 4]),                     [6, 4]],
  ['permute',   x => permute(x, [2, 0, 1]),                  [4, 2, 3]],
  ['transpose', x => transpose(x),                           [2, 4, 3]],
  ['slice',     x => slice(x, 1, { start: 1, step: 2 }),     [2, 1, 4]],
  ['expand',    x => expand(x, [5, 2, 3, 4]),                [5, 2, 3, 4]],
  ['unsqueeze', x => unsqueeze(x, 1),                        [2, 1, 3, 4]],
  ['squeeze',   x => squeeze(reshape(x, [24, 1]), 1),        [24]],
  ['select',    x => x.select(0, 1),                         [3, 4]],
  ['reshape of a transposed whole dim', x => reshape(transpose(x, 0, 1), [3, 2, 2, 2]), [3, 2, 2, 2]],
]

for (const [name, f, shape] of views) {
  test(`${name} moves no memory`, () => {
    const x = zeros([2, 3, 4])
    assert.is(f(x).storage, x.storage)
    assert.equal(f(x).shape, shape)
  })
}

test('a reshape that strides cannot express is a copy', async () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ])
  const y = reshape(transpose(x), [6])
  assert.is.not(y.storage, x.storage)
  assert.equal(await y.array(), [1, 4, 2, 5, 3, 6])
})

test('slice means what Python’s [start:stop:step] means, for every start and stop', async () => {
  const size = 4
  const x = arange(size)
  const bounds = [null, -6, -4, -1, 0, 1, 3, 4, 6]
  const at = (i: number) => Math.min(size, Math.max(0, i < 0 ? i + size : i))
  for (const start of bounds)
    for (const stop of bounds)
      for (const step of [1, 2, 3]) {
        const want = []
        for (let i = at(start ?? 0); i < at(stop ?? size); i += step) want.push(i)
        const got = await slice(x, 0, { start, stop, step }).array()
        assert.equal(got, want, `[${start}:${stop}:${step}] gives [${got}], not [${want}]`)
      }
})

test('data comes as the typed array of the dtype', async () => {
  assert.instance(await ones([2]).data(), Float32Array)
  assert.instance(await ones([2], { dtype: 'i32' }).data(), Int32Array)
  assert.instance(await ones([2], { dtype: 'u32' }).data(), Uint32Array)
  assert.instance(await tensor([true]).data(), Uint32Array)
  assert.is((await zeros([0, 3]).data()).length, 0)
})

test('item is the one element, and refuses more', async () => {
  assert.is(await tensor([[4.5]]).item(), 4.5)
  const error = await ones([2, 3])
    .item()
    .catch(e => e)
  assert.match(error.message, /item: the tensor is \[2, 3\]; only one element can be an item/)
})

test('two reads under way at once do not mix', async () => {
  const xs = [1, 2, 3, 4, 5, 6, 7, 8].map(value => full([3], value))
  const read = await Promise.all(xs.map(x => x.data()))
  assert.equal(
    read.map(x => x[2]),
    [1, 2, 3, 4, 5, 6, 7, 8],
  )
})

test('a tensor prints its shape, dtype and origin in one line', () => {
  const x = ones([2, 3], { requiresGrad: true })
  assert.is(String(x.relu()), 'Tensor [2, 3] f32 · relu · requiresGrad')
  assert.is(inspect(tensor([true])), 'Tensor [1] bool · tensor')
})

// biome-ignore format: a table reads in columns
const texts: [name: string, make: () => Tensor, text: string][] = [
  ['a matrix',      () => tensor([[1, 2], [3, 4.5]]),        'Tensor [2, 2] f32 · tensor\n[[1.0000, 2.0000],\n [3.0000, 4.5000]]'],
  ['a scalar',      () => tensor(-2),                        'Tensor [] f32 · tensor\n-2.0000'],
  ['whole numbers', () => arange(9, 12),                     'Tensor [3] i32 · arange\n[ 9, 10, 11]'],
  ['truth values',  () => tensor([true, false]),             'Tensor [2] bool · tensor\n[ true, false]'],
  ['nothing',       () => zeros([0]),                        'Tensor [0] f32 · zeros\n[]'],
  ['a long row',    () => arange(100),                       'Tensor [100] i32 · arange\n[ 0,  1,  2, …, 97, 98, 99]'],
  ['large numbers', () => tensor([1e10]),                    'Tensor [1] f32 · tensor\n[1.0000e+10]'],
  ['not a number',  () => tensor([NaN, Infinity]),           'Tensor [2] f32 · tensor\n[     NaN, Infinity]'],
]

for (const [name, make, text] of texts) {
  test(`the text of ${name} is aligned and short`, async () => {
    assert.is(await make().text(), text)
  })
}

test('what a scope returns lives on, what it does not ends', async () => {
  let inside!: Tensor
  const { kept, list } = scope(() => {
    inside = ones([3])
    return { kept: inside.add(1), list: [inside.mul(5)] }
  })
  assert.equal(await kept.array(), [2, 2, 2])
  assert.equal(await list[0].array(), [5, 5, 5])
  assert.is(inside.storage.alive, false)
})

test('a tensor whose scope has ended says which op made it, and where', () => {
  memory() // from now on every place is remembered
  let gone!: Tensor
  scope(() => {
    gone = add(ones([3]), 1)
  })
  assert.throws(() => gone.mul(2), /it was made by add at .*tensor\.test\.ts:\d+/)
  assert.is(String(gone), 'Tensor [3] f32 · add · its scope has ended')
})

test('keep takes a tensor out of all scopes', async () => {
  let kept!: Tensor
  scope(() =>
    scope(() => {
      kept = keep(ones([2]))
    }),
  )
  assert.equal(await kept.array(), [1, 1])
})

test('scopes nest: what the inner one returns ends with the outer one', () => {
  let inner!: Tensor
  scope(() => {
    inner = scope(() => ones([2]))
    assert.is(inner.storage.alive, true)
  })
  assert.is(inner.storage.alive, false)
})

test('a view that leaves a scope takes its memory along', async () => {
  const y = scope(() =>
    transpose(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ),
  )
  assert.equal(await y.array(), [
    [1, 3],
    [2, 4],
  ])
})

test('a scope that throws ends what was made in it', () => {
  let lost!: Tensor
  assert.throws(
    () =>
      scope(() => {
        lost = ones([2])
        throw new Error('on purpose')
      }),
    /on purpose/,
  )
  assert.is(lost.storage.alive, false)
})

test('a scope refuses a promise', () => {
  assert.throws(
    () => scope(async () => ones([2])),
    /scope: the function returned a promise; make it synchronous/,
  )
})

test('using ends a tensor with its block, dispose at once', () => {
  let outside!: Tensor
  {
    using x = ones([2])
    outside = x
    assert.is(outside.storage.alive, true)
  }
  assert.is(outside.storage.alive, false)
  const y = ones([2])
  y.dispose()
  y.dispose()
  assert.is(y.storage.alive, false)
})

test('memory counts live tensors by the place that made them', () => {
  const before = memory()
  const x = keep(ones([1000]))
  const after = memory()
  assert.is(after.tensors, before.tensors + 1)
  assert.is(after.bytes, before.bytes + 4000)
  assert.ok(after.places.some(({ where }) => /ones at .*tensor\.test\.ts:\d+/.test(where)))
  x.dispose()
  assert.is(memory().bytes, before.bytes)
})

test.run()
