/** Where digits were lost: cancellation, limits of the range, subnormal numbers. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { kernels } from '../src/kernels/sources.js'
import {
  batchNorm,
  div,
  equal,
  gaussianKld,
  grad,
  greater,
  layerNorm,
  less,
  maximum,
  minimum,
  mul,
  type Tensor,
  tensor,
  vaeKld,
  variance,
} from '../src/node.js'
import { gpu } from './gpu.js'

test.before(gpu)

const smallest = 2 ** -149

/** The largest error, divided by the largest value. */
async function error(y: Tensor, wanted: readonly number[]): Promise<number> {
  const found = await y.data()
  const scale = Math.max(...wanted.map(Math.abs))
  return Math.max(...wanted.map((v, i) => Math.abs(found[i] - v))) / scale
}

function row(count: number, mean: number, spread: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => mean + spread * Math.sin(1.7 * i))
}

function moments(x: Float32Array): { m: number; v: number } {
  const m = x.reduce((sum, each) => sum + each, 0) / x.length
  return { m, v: x.reduce((sum, each) => sum + (each - m) ** 2, 0) / x.length }
}

test('layerNorm and batchNorm keep their digits at a mean of 10⁴ and a spread of 0.01', async () => {
  const x = row(1024, 1e4, 0.01)
  const { m, v } = moments(x)
  const wanted = [...x].map(each => (each - m) / Math.sqrt(v + 1e-5))
  assert.ok((await error(layerNorm(tensor(x, { shape: [1, 1024] }), 1024), wanted)) < 1e-6)
  const y = batchNorm(tensor(x, { shape: [1024, 1] }), { training: true })
  assert.ok((await error(y, wanted)) < 1e-6)
})

test('the gradients of layerNorm and batchNorm keep their digits there', async () => {
  const x = row(1024, 1e4, 0.01)
  const { m, v } = moments(x)
  const s = Math.sqrt(v + 1e-5)
  const dy = row(1024, 0.3, 1).map((each, i) => each + Math.cos(0.37 * i))
  const normal = [...x].map(each => (each - m) / s)
  const mean = (f: (i: number) => number) => normal.reduce((sum, _, i) => sum + f(i), 0) / 1024
  const [g, gx] = [mean(i => dy[i]), mean(i => dy[i] * normal[i])]
  const wanted = normal.map((each, i) => (dy[i] - g - each * gx) / s)
  for (const shape of [
    [1, 1024],
    [1024, 1],
  ]) {
    const t = tensor(x, { shape, requiresGrad: true })
    const y = shape[0] === 1 ? layerNorm(t, 1024) : batchNorm(t, { training: true })
    assert.ok((await error(grad(y, t, { dy: tensor(dy, { shape }) }), wanted)) < 2e-6)
  }
})

test('batchNorm keeps its digits where samples differ from each other far more than in themselves', async () => {
  const [samples, pixels] = [40, 196]
  const x = Float32Array.from(
    { length: samples * pixels },
    (_, i) => 1e3 * Math.floor(i / pixels) + Math.sin(1.7 * i),
  )
  const { m, v } = moments(x)
  const wanted = [...x].map(each => (each - m) / Math.sqrt(v + 1e-5))
  const y = batchNorm(tensor(x, { shape: [samples, 1, 14, 14] }), { training: true })
  assert.ok((await error(y, wanted)) < 1e-6)
})

test('variance keeps its digits far from 0', async () => {
  const x = row(1000, 1e4, 0.01)
  const { v } = moments(x)
  assert.ok((await error(variance(tensor(x), undefined, { unbiased: false }), [v])) < 1e-6)
})

test('the Kullback–Leibler terms keep their digits near their least value', async () => {
  const near = row(64, 0, 1e-3)
  const zeros = tensor(new Float32Array(64))
  const close = async (k: Tensor, sum: number) => {
    const found = await k.item()
    assert.ok(Math.abs(found / (sum / 2 / 64) - 1) < 1e-5, `${found}, not ${sum / 2 / 64}`)
  }
  const ofLogs = near.reduce((sum, l) => sum + (Math.expm1(l) - l), 0)
  await close(gaussianKld(zeros, tensor(near), { pixels: 1 }), ofLogs)
  const sigmas = near.map(l => 1 + l)
  const ofSigmas = sigmas.reduce((sum, s) => {
    const f = (s - 1) * (s + 1) + 1e-8
    return sum + (f - Math.log1p(f)) - 1e-8
  }, 0)
  await close(vaeKld(zeros, tensor(sigmas), { pixels: 1 }), ofSigmas)
})

test('a limit that is left out is no limit, and ∞ stays', async () => {
  const x = tensor([Infinity, -Infinity, 3, NaN])
  assert.equal([...(await x.clamp({ min: 0 }).data())], [Infinity, 0, 3, NaN])
  assert.equal([...(await x.clamp({ max: 0 }).data())], [0, -Infinity, 0, NaN])
})

test('subnormal numbers are numbers: compared, chosen, multiplied, divided', async () => {
  const [a, b] = [tensor([smallest, -smallest, 0]), tensor([0, 0, 2 * smallest])]
  const values = async (y: Tensor) => [...(await y.data())].map(Number)
  assert.equal(await values(equal(a, b)), [0, 0, 0])
  assert.equal(await values(less(a, b)), [0, 1, 1])
  assert.equal(await values(greater(a, b)), [1, 0, 0])
  assert.equal(await values(maximum(a, b)), [smallest, 0, 2 * smallest])
  assert.equal(await values(minimum(a, b)), [0, -smallest, 0])
  assert.equal(await values(a.relu()), [smallest, 0, 0])
  assert.is(await a.max(0)[0].item(), smallest)
  assert.equal(await values(mul(tensor([2 ** -140, 2 ** -100]), tensor([4, 2 ** -40]))), [
    2 ** -138,
    2 ** -140,
  ])
  assert.equal(await values(div(tensor([2 ** -140, 2 ** -120]), tensor([0.5, 2 ** 20]))), [
    2 ** -139,
    2 ** -140,
  ])
  assert.equal(await values(tensor([2 ** -148]).sqrt()), [2 ** -74])
})

test('powers at the edges are those of C', async () => {
  const cases = [
    [0, -0.5, Infinity],
    [0, 0, 1],
    [-2, 3, -8],
    [-2, 2.5, NaN],
    [-Infinity, 3, -Infinity],
    [1, NaN, 1],
    [NaN, 0, 1],
    [-1, Infinity, 1],
    [0.5, Infinity, 0],
    [-0, -3, -Infinity],
  ]
  const [x, p, wanted] = [0, 1, 2].map(i => cases.map(each => each[i]))
  assert.equal([...(await tensor(x).pow(tensor(p)).data())], wanted)
})

test('no kernel takes a function from the driver that the library has itself', () => {
  const own = ['exp', 'exp2', 'log', 'log2', 'tanh', 'pow', 'sin', 'cos', 'sinh', 'cosh', 'tan']
  for (const [name, source] of Object.entries(kernels))
    for (const f of own) {
      const code = source.replace(/\/\/.*/g, '')
      const called = new RegExp(`(?<![\\w.])${f}\\(`).test(code.replace(/\bfn \w+/g, ''))
      assert.ok(!called || code.includes(`fn ${f}(`), `${name} calls the driver's ${f}`)
    }
})

test.run()
