/** Initial weights as PyTorch draws them. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { eye, manualSeed, nn, ones, tensor, zeros } from '../src/index.js'
import { fixture } from './fixture.js'
import { runInit } from './goldens/init.js'
import type { Outcome } from './goldens/run.js'
import { gpu } from './gpu.js'

let outcomes: Outcome[]

test.before(async () => {
  await gpu()
  outcomes = await runInit(await fixture('init.safetensors'), 'init')
})

test('initial values are PyTorch’s: names, shapes, fans, bounds and quantiles', () => {
  assert.is(outcomes.length, 33)
  const failed = outcomes.filter(({ ratio, lacks }) => !(ratio <= 1) || lacks.length > 0)
  assert.equal(
    failed.map(({ name, worst, lacks }) => `${name}: ${worst} ${lacks}`),
    [],
  )
})

test('a tensor is filled in place, through a view and as a parameter', async () => {
  const t = zeros([2, 3])
  assert.is(nn.init.constant(t.transpose().slice(0, { start: 1 }), 7).shape.length, 2)
  assert.equal(await t.array(), [
    [0, 7, 7],
    [0, 7, 7],
  ])
  const layer = new nn.Linear(3, 2)
  assert.is(nn.init.ones(layer.weight), layer.weight)
  assert.ok(layer.weight.requiresGrad)
  assert.equal([...(await layer.weight.data())], [1, 1, 1, 1, 1, 1])
  assert.equal([...(await nn.init.zeros(tensor([1, 2], { dtype: 'i32' })).data())], [0, 0])
})

test('eye fills the main diagonal of any matrix', async () => {
  assert.equal(await nn.init.eye(zeros([2, 3])).array(), [
    [1, 0, 0],
    [0, 1, 0],
  ])
  assert.throws(
    () => nn.init.eye(zeros([2])),
    /init\.eye: the tensor is \[2\]; it must be a matrix/,
  )
})

test('orthogonal gives rows or columns at right angles, of the given length', async () => {
  manualSeed(3)
  for (const shape of [
    [5, 5],
    [7, 3],
    [3, 2, 4],
    [40, 40],
    [1, 1],
    [0, 3],
  ]) {
    const t = nn.init.orthogonal(zeros(shape), 2).flatten()
    const [rows, columns] = [shape[0], shape.slice(1).reduce((a, b) => a * b, 1)]
    const x = t.reshape([rows, columns])
    const product = rows <= columns ? x.matmul(x.transpose()) : x.transpose().matmul(x)
    const values = await product.sub(eye(Math.min(rows, columns)).mul(4)).data()
    assert.ok(
      values.every(v => Math.abs(v) < 1e-5),
      `${shape}: ${Math.max(...values)}`,
    )
  }
  // all are equally likely: the mean of an element's square is 1 / n, of the determinant 0
  const many = await Promise.all(
    Array.from({ length: 40 }, () => nn.init.orthogonal(zeros([2, 2])).data()),
  )
  const turns = many.filter(([a, b, c, d]) => a * d - b * c > 0).length
  assert.ok(turns > 8 && turns < 32, `${turns} rotations of 40`)
  const square = many.reduce((sum, [a]) => sum + a * a, 0) / 40
  assert.ok(Math.abs(square - 0.5) < 0.25, `${square}`)
  assert.throws(() => nn.init.orthogonal(zeros([3])), /init\.orthogonal: the tensor is \[3\]; it/)
})

test('truncNormal has the quantiles of a normal distribution between its limits', async () => {
  manualSeed(5)
  const x = await nn.init.truncNormal(zeros([20_000]), 1, 2, 0, 9).data()
  x.sort()
  assert.ok(x[0] >= 0 && x.at(-1)! <= 9)
  // of N(1, 2²) between 0 and 9, by PyTorch's erfinv
  const wanted = [0.9067, 1.79366, 2.88562]
  for (const [i, level] of wanted.entries()) {
    const share = x.findIndex(v => v > level) / x.length
    assert.ok(Math.abs(share - (i + 1) / 4) < 0.015, `${share} below ${level}`)
  }
  const tail = await nn.init.truncNormal(zeros([500]), 0, 1, 3, 5).data()
  assert.ok(tail.every(v => v >= 3 && v <= 5) && new Set(tail).size > 300)
  assert.throws(() => nn.init.truncNormal(zeros([2]), 0, 1, 2, 1), /from 2 to 1 with std 1; a is/)
})

test('uniform and normal have the given limits, mean and deviation', async () => {
  manualSeed(4)
  const low = await nn.init.uniform(zeros([5000]), -3, -1).data()
  assert.ok(low.every(x => x >= -3 && x < -1) && low.some(x => x > -1.01))
  const x = await nn.init.normal(zeros([20_000]), 5, 2).data()
  const mean = x.reduce((a, b) => a + b) / x.length
  const std = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length)
  assert.ok(Math.abs(mean - 5) < 0.07 && Math.abs(std - 2) < 0.05, `${mean} ${std}`)
})

test('a backward pass that needs the old values refuses to run', () => {
  const w = nn.parameter(ones([3]))
  const y = w.mul(w).sum()
  nn.init.uniform(w)
  assert.throws(() => y.backward(), /was changed in place/)
})

test('nn.init refuses wrong arguments, with the numbers', () => {
  const { init } = nn
  assert.throws(() => init.xavierNormal(zeros([4])), /\[4\]; a fan-in and a fan-out need two dims/)
  const odd = 'leaky_relu' as nn.init.Nonlinearity
  assert.throws(
    () => init.calculateGain(odd),
    /nonlinearity 'leaky_relu'; known are linear, .*leakyRelu/,
  )
  const mode = 'fan_in' as 'fanIn'
  assert.throws(() => init.kaimingUniform(zeros([2, 2]), { mode }), /mode 'fan_in'; it is 'fanIn'/)
  assert.throws(() => init.uniform(zeros([2], { dtype: 'i32' })), /f32 does not fit into \[2\] i32/)
})

test.run()
