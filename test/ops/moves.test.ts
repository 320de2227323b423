/** Ops that move elements or take them to whole numbers: special numbers, views, and refusals. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as kg from '../../src/index.js'
import { gpu } from '../gpu.js'

test.before(gpu)

const { ones, tensor } = kg
const list = async (t: kg.Tensor) => [...(await t.data())]

const tiny = 2 ** -149
// biome-ignore format: a list reads in lines
const numbers = [
  0, -0, tiny, -tiny, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5, Math.fround(0.49999997), -0.75, 1.25, 8388607.5, -8388607.5,
  8388608, 2 ** 127, Infinity, -Infinity, NaN,
]

/** The nearest whole number; of two, the even one. */
function even(x: number): number {
  const below = Math.floor(x)
  const odd = Math.abs(below) % 2 === 1
  const y = x - below === 0.5 ? below + +odd : Math.round(x)
  return y === 0 ? Math.sign(x) * 0 : y
}

const rounding: [name: string, op: typeof kg.floor, f: (x: number) => number][] = [
  ['floor', kg.floor, Math.floor],
  ['ceil', kg.ceil, Math.ceil],
  ['trunc', kg.trunc, Math.trunc],
  ['sign', kg.sign, x => (x === 0 ? 0 : Math.sign(x))],
  ['round', kg.round, even],
]

for (const [name, op, f] of rounding)
  test(`${name} is exact, with −0, subnormal numbers and NaN`, async () => {
    const got = await list(op(tensor(numbers)))
    const same = (i: number) =>
      name === 'sign' ? got[i] === f(numbers[i]) : Object.is(got[i], f(numbers[i]))
    const wrong = got.flatMap((y, i) =>
      same(i) || Number.isNaN(numbers[i]) ? [] : [`${name}(${numbers[i]}) is ${y}`],
    )
    assert.equal(wrong, [])
    assert.ok(Number.isNaN(got.at(-1)))
  })

test('isNaN, isFinite and isInf know the special numbers', async () => {
  const x = tensor([0, NaN, Infinity, -Infinity, tiny])
  assert.equal(await kg.isNaN(x).array(), [false, true, false, false, false])
  assert.equal(await kg.isFinite(x).array(), [true, false, false, false, true])
  assert.equal(await kg.isInf(x).array(), [false, false, true, true, false])
  assert.equal(await kg.isFinite(kg.arange(2)).array(), [true, true])
})

test('flip works on a view, and twice is the tensor again', async () => {
  const x = kg.arange(24).reshape([2, 3, 4]).permute([2, 0, 1]).slice(0, { start: 1, step: 2 })
  assert.equal(await x.flip([0, 2]).flip([2, 0]).array(), await x.array())
})

test('a clone is other memory', async () => {
  const x = kg.arange(3)
  const y = x.clone()
  assert.ok(y.storage !== x.storage)
  assert.equal(await y.array(), [0, 1, 2])
})

test('split and slices of it are views', () => {
  const x = ones([5, 7])
  for (const y of x.split([2, 5], 1)) assert.is(y.storage, x.storage)
})

test('pad mirrors, repeats and goes round as PyTorch does', async () => {
  const x = tensor([1, 2, 3])
  assert.equal(await list(x.pad([2, 1])), [0, 0, 1, 2, 3, 0])
  assert.equal(await list(x.pad([2, 1], { mode: 'reflect' })), [3, 2, 1, 2, 3, 2])
  assert.equal(await list(x.pad([2, 1], { mode: 'replicate' })), [1, 1, 1, 2, 3, 3])
  assert.equal(await list(x.pad([2, 1], { mode: 'circular' })), [2, 3, 1, 2, 3, 1])
  assert.equal(await list(x.pad([-1, 2], { value: 9 })), [2, 3, 9, 9])
})

// biome-ignore format: a table reads in columns
const refusals: [f: () => unknown, said: RegExp][] = [
  [() => kg.tril(ones([3])),                            /^tril: x is \[3\]; it must have two dims/],
  [() => kg.triu(ones([3, 3]), 0.5),                    /^triu: diagonal is 0.5; it must be a whole/],
  [() => kg.maskedFill(ones([2]), ones([2]), 0),        /^maskedFill: .* the mask \[2\] f32; .* must be bool/],
  [() => kg.maskedFill(ones([2]), ones([3, 2]).greater(0), 0), /^maskedFill: .* broadcast to x/],
  [() => kg.pad(ones([2]), [1]),                        /^pad: padding \[1\] of \[2\]; whole numbers, two/],
  [() => kg.pad(ones([2]), [1, 1, 1, 1]),               /^pad: padding .* two per dim/],
  [() => kg.pad(ones([2]), [-2, -1]),                   /^pad: \[-2,-1\] cuts more off \[2\]/],
  [() => kg.pad(ones([2]), [2, 0], { mode: 'reflect' }), /^pad: reflect along dim 0 of \[2\] takes 3/],
  [() => kg.pad(ones([2]), [1, 1], { mode: 'wrap' as never }), /^pad: mode is 'wrap'; it must be/],
  [() => kg.repeat(ones([2, 2]), [3]),                  /^repeat: \[2, 2\] repeated \[3\] times/],
  [() => kg.roll(ones([2, 2]), [1, 2], 0),              /^roll: shifts \[1,2\] along dims \[0\]; one/],
  [() => kg.flip(ones([2, 2]), [0, 0]),                 /^flip: dims \[0,0\] name one dimension twice/],
  [() => kg.split(ones([5]), [2, 2]),                   /^split: \[5\] along dim 0 into \[2, 2\]; .* add up/],
  [() => kg.split(ones([5]), 0),                        /^split: \[5\] along dim 0 into 0/],
  [() => kg.hardtanh(ones([5]), 1, 1),                  /^hardtanh: min 1 is not below max 1/],
]

for (const [f, said] of refusals)
  test(`an error says ${said.source}`, () => {
    assert.throws(f, said)
  })

test.run()
