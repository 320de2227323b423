/** Ops on inputs that are never random: kinks, infinities, NaN. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as ops from '../../src/autograd/ops/index.js'
import { arange, grad, ones, type Tensor, tensor } from '../../src/index.js'
import { gpu } from '../gpu.js'

test.before(gpu)

/** Slopes at kinks, where left and right differ: PyTorch's choices. */
// biome-ignore format: a table reads in columns
const kinks: [claim: string, f: (x: Tensor) => Tensor, x: number, slope: number][] = [
  ['relu has slope 0 at 0',                       x => ops.relu(x),                  0,   0],
  ['abs has slope 0 at 0',                        x => ops.abs(x),                   0,   0],
  ['leakyRelu has its small slope at 0',          x => ops.leakyRelu(x, 0.2),        0,   Math.fround(0.2)],
  ['clamp has slope 1 on its lower limit',        x => ops.clamp(x, { min: 1 }),     1,   1],
  ['clamp has slope 1 on its upper limit',        x => ops.clamp(x, { max: 1 }),     1,   1],
  ['a tie gives maximum half the slope',          x => ops.maximum(x, 3),            3,   0.5],
  ['a tie gives minimum half the slope',          x => ops.minimum(3, x),            3,   0.5],
  ['sqrt has an infinite slope at 0',             x => ops.sqrt(x),                  0,   Infinity],
  ['x⁰ has slope 0 at 0',                         x => ops.pow(x, 0),                0,   0],
  ['x² has slope 0 at 0',                         x => ops.pow(x, tensor(2)),        0,   0],
  ['softplus has slope 1 past its threshold',     x => ops.softplus(x),              50,  1],
]

for (const [claim, f, x, slope] of kinks) {
  test(claim, async () => {
    const at = tensor(x, { requiresGrad: true })
    assert.is(await grad(f(at), at).item(), slope)
  })
}

/** Where f32 ends: large arguments, infinities, NaN. */
// biome-ignore format: a table reads in columns
const extremes: [claim: string, f: (x: Tensor) => Tensor, x: number[], y: number[]][] = [
  ['tanh reaches ±1 and keeps NaN',         x => ops.tanh(x),     [-1e30, -20, 20, 1e30, NaN], [-1, -1, 1, 1, NaN]],
  ['sigmoid reaches 0 and 1 and keeps NaN', x => ops.sigmoid(x),  [-1e30, 30, 1e30, NaN],      [0, 1, 1, NaN]],
  ['silu reaches 0 and x and keeps NaN',    x => ops.silu(x),     [-200, 30, 1e30, NaN],       [0, 30, Math.fround(1e30), NaN]],
  ['gelu reaches 0 and x and keeps NaN',    x => ops.gelu(x),     [-100, 30, 1e30, NaN],       [0, 30, Math.fround(1e30), NaN]],
  ['gelu by tanh does the same',            x => ops.gelu(x, { approximate: 'tanh' }), [-100, 30, NaN], [0, 30, NaN]],
  ['softplus reaches 0 and x and keeps NaN', x => ops.softplus(x), [-200, 100, 1e30, NaN],     [0, 100, Math.fround(1e30), NaN]],
  ['leakyRelu keeps NaN',                   x => ops.leakyRelu(x), [-Infinity, NaN],            [-Infinity, NaN]],
  ['relu keeps NaN',                        x => ops.relu(x),     [-Infinity, Infinity, NaN],  [0, Infinity, NaN]],
  ['clamp keeps NaN',                       x => ops.clamp(x, { min: -1, max: 1 }), [-Infinity, 9, NaN], [-1, 1, NaN]],
  ['maximum keeps NaN',                     x => ops.maximum(x, 1), [0, 2, NaN],                [1, 2, NaN]],
  ['minimum keeps NaN',                     x => ops.minimum(1, x), [0, 2, NaN],                [0, 1, NaN]],
  ['NaN equals nothing',                    x => ops.equal(x, x).to('f32'),    [1, NaN],       [1, 0]],
  ['NaN differs from everything',           x => ops.notEqual(x, x).to('f32'), [1, NaN],       [0, 1]],
  ['log is −∞ at 0 and NaN below',          x => ops.log(x),      [1, 0, -1],                  [0, -Infinity, NaN]],
  ['sqrt is NaN below 0',                   x => ops.sqrt(x),     [4, 0, -1],                  [2, 0, NaN]],
  ['a whole power keeps the sign',          x => ops.pow(x, tensor(3)), [-2, 0, 3],             [-8, 0, 27]],
  ['a fractional power below 0 is NaN',  x => ops.pow(x, 0.5), [-2, 4],                     [NaN, 2]],
  ['a power 0 is 1',                        x => ops.pow(x, tensor(0)), [-2, 0, NaN],           [1, 1, 1]],
  ['exp overflows to ∞ and falls to 0',     x => ops.exp(x),      [-200, 0, 100],              [0, 1, Infinity]],
]

for (const [claim, f, x, y] of extremes) {
  test(claim, async () => {
    const got = await f(tensor(x)).data()
    const close = (v: number, want: number) =>
      Object.is(v + 0, want + 0) || Math.abs(v - want) <= 1e-5 * Math.abs(want) + 1e-35
    assert.ok(
      got.every((v, i) => close(v, y[i])),
      `of [${x}]: expected [${y}], got [${got}]`,
    )
  })
}

for (const f of [ops.exp, ops.log, ops.sqrt, ops.sin, ops.cos, ops.square]) {
  test(`${f.name} keeps NaN, forward and backward`, async () => {
    const x = tensor([NaN, 1], { requiresGrad: true })
    const y = f(x)
    assert.ok(Number.isNaN((await y.data())[0]))
    assert.ok(Number.isNaN((await grad(y, x, { dy: ones([2]) }).data())[0]))
  })
}

test('casts round towards 0, treat all but 0 as true, and keep the bits of whole numbers', async () => {
  const x = tensor([-1.9, -0, 0.4, 2.9])
  assert.equal(await x.to('i32').array(), [-1, 0, 0, 2])
  assert.equal(await x.to('bool').array(), [true, false, true, true])
  assert.equal(await x.to('bool').to('f32').array(), [1, 0, 1, 1])
  assert.equal(await tensor([7.9, 3e9]).to('u32').array(), [7, 3e9])
  assert.equal(await tensor([-1], { dtype: 'i32' }).to('u32').array(), [2 ** 32 - 1])
  assert.equal(await tensor([-5], { dtype: 'i32' }).to('f32').array(), [-5])
})

/** A dispatch takes 65,535 workgroups along an axis; more of them fold into rows. */
const manyGroups = 65_536 + 3

test('sums of more rows than an axis has workgroups are all there', async () => {
  const sums = await ops.sum(ones([manyGroups, 3]), 1).data()
  assert.is(sums.length, manyGroups)
  assert.ok(sums.every(total => total === 3))
})

test('more matrices than an axis has workgroups are all multiplied', async () => {
  const x = arange(0, manyGroups, 1, { dtype: 'f32' })
  const squares = ops.matmul(x.reshape([-1, 1, 1]), x.reshape([-1, 1, 1])).reshape([-1])
  assert.ok((await squares.data()).every((y, i) => y === Math.fround(i * i)))
})

test('a copy of more elements than one axis covers is whole', async () => {
  const x = arange(64 * manyGroups)
  const turned = await ops.contiguous(x.reshape([64, manyGroups]).transpose()).data()
  assert.ok(turned.every((y, i) => y === (i % 64) * manyGroups + Math.floor(i / 64)))
})

test('softplus and binary cross-entropy of logits keep their digits where they are small', async () => {
  const xs = [-0.5, -2, -8, -15.9, -16.6, -30, -60, -80]
  const log1p = (x: number) => Math.log1p(Math.exp(x))
  const near = (got: ArrayLike<number>, what: string) => {
    for (const [i, x] of xs.entries()) {
      const error = Math.abs(got[i] / log1p(x) - 1)
      // e^x itself is off by up to (3 + 2|x|) ulp, as WGSL allows
      assert.ok(error < 1.2e-7 * (8 + 2 * Math.abs(x)), `${what} of ${x}: off by ${error}`)
    }
  }
  near(await ops.softplus(tensor(xs)).data(), 'softplus')
  const none = { reduction: 'none' } as const
  const zeros = ones([xs.length]).mul(0)
  near(await ops.binaryCrossEntropyWithLogits(tensor(xs), zeros, none).data(), 'with logits')
})

test.run()
