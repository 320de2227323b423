/** The random stream: published vectors, the GPU against plain TypeScript, and what seeds promise. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { manualSeed, rand, randLike, randn, randnLike, uniform, zeros } from '../src/index.js'
import { randomBits } from '../src/tensor/random.js'
import { threefry, unit } from '../src/tensor/threefry.js'
import { gpu } from './gpu.js'

test.before(gpu)

/** n elements of draw `draw` under a seed, computed on the host. */
function host<T>(seed: number, draw: number, n: number, f: (w0: number, w1: number) => T): T[] {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32)] as const
  return Array.from({ length: n }, (_, i) => f(...threefry(key, [i, draw])))
}

// kat_vectors of Random123 1.14: threefry 2x32, 20 rounds
// biome-ignore format: a table reads in columns
const vectors = [
  { key: [0, 0],                   counter: [0, 0],                   words: [0x6b200159, 0x99ba4efe] },
  { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], words: [0x1cb996fc, 0xbb002be7] },
  { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], words: [0xc4923a9c, 0x483df7a0] },
] as const

for (const { key, counter, words } of vectors) {
  test(`threefry of the published counter ${counter} gives the published words`, () => {
    assert.equal(threefry(key, counter), [...words])
  })
}

for (const seed of [0, 1, 2 ** 32 - 1, 2 ** 32 + 5, 2 ** 53 - 1]) {
  test(`the GPU's bits under seed ${seed} equal threefry's`, async () => {
    manualSeed(seed)
    for (const draw of [0, 1, 2]) {
      const bits = await randomBits([1000]).data<Uint32Array<ArrayBuffer>>()
      assert.equal(
        [...bits],
        host(seed, draw, 1000, w0 => w0),
      )
    }
  })
}

test('rand is the first word over 2³², cut to the 24 bits that f32 holds', async () => {
  manualSeed(7)
  assert.equal([...(await rand([999]).data())], host(7, 0, 999, unit))
})

test('uniform lies between its bounds', async () => {
  manualSeed(7)
  const x = await uniform([999], -3, 5).data()
  const want = host(7, 0, 999, w0 => -3 + 8 * unit(w0))
  assert.ok(x.every((value, i) => value >= -3 && value < 5 && Math.abs(value - want[i]) < 1e-6))
})

test('randn is Box and Muller’s formula of both words', async () => {
  manualSeed(8)
  const x = await randn([9999]).data()
  const want = host(8, 0, 9999, (w0, w1) => {
    const u0 = ((w0 >>> 8) + 1) / 2 ** 24
    return Math.sqrt(-2 * Math.log(u0)) * Math.cos(2 * Math.PI * unit(w1))
  })
  // WGSL lets cos err by 2⁻¹¹ = 5e-4, and √(−2 ln u) is at most 5.8
  const worst = x.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i])), 0)
  assert.ok(worst < 3e-3, `worst ${worst}`)
})

test('rand and randn have the moments of their distributions', async () => {
  manualSeed(9)
  const n = 200_000
  const moments = (x: Float32Array) => [1, 2, 3, 4].map(p => x.reduce((s, v) => s + v ** p, 0) / n)
  const u = moments(await rand([n]).data())
  const z = moments(await randn([n]).data())
  // within five standard deviations of the mean of n such powers
  const near = (got: number, want: number, deviation: number) =>
    assert.ok(Math.abs(got - want) < (5 * deviation) / Math.sqrt(n), `${got} is not near ${want}`)
  u.forEach((m, i) => {
    near(m, 1 / (i + 2), Math.sqrt(1 / (2 * i + 3) - 1 / (i + 2) ** 2))
  })
  ;[0, 1, 0, 3].forEach((want, i) => {
    near(z[i], want, [1, Math.sqrt(2), Math.sqrt(15), Math.sqrt(96)][i])
  })
})

test('the same seed gives the same bytes', async () => {
  const draw = () => Promise.all([rand([257]), randn([257]), randn([3])].map(t => t.data()))
  manualSeed(42)
  const first = await draw()
  manualSeed(42)
  assert.equal(await draw(), first)
  manualSeed(43)
  assert.not.equal(await draw(), first)
})

test('an element depends on its place alone, not on the shape or what is drawn beside it', async () => {
  manualSeed(3)
  const long = await randn([1000]).data()
  manualSeed(3)
  assert.equal(await randn([2, 3]).data(), long.slice(0, 6))
})

test('each draw differs from the one before', async () => {
  manualSeed(3)
  assert.not.equal(await rand([8]).data(), await rand([8]).data())
})

test('randLike and randnLike take the shape of another tensor', () => {
  const t = zeros([2, 0, 3], { dtype: 'i32' })
  assert.equal(randLike(t).shape, [2, 0, 3])
  assert.is(randnLike(t).dtype, 'f32')
  assert.is(randn([2], { requiresGrad: true }).requiresGrad, true)
})

test('a seed that is no whole number and a dtype that is not f32 are refused', () => {
  assert.throws(
    () => manualSeed(1.5),
    /manualSeed: 1.5; a seed is a whole number from 0 to 2\^53 - 1/,
  )
  assert.throws(() => manualSeed(-1), /manualSeed: -1/)
  assert.throws(() => rand([2], { dtype: 'i32' }), /rand: dtype is i32; random numbers are f32/)
})

test.run()
