/** Kernels that compute the same thing do so, whichever is chosen, and the choice is one's own. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { contentsOf } from '../src/kernels/contents.js'
import { convForward, convInput } from '../src/launches/conv.js'
import { convWeight } from '../src/launches/convweight.js'
import type { Geometry } from '../src/launches/geometry.js'
import { linearGradients } from '../src/launches/linear.js'
import { saveTuning } from '../src/launches/rungs/rung.js'
import { type Family, families } from '../src/launches/variants.js'
import { tuningFile, useVariantsOf } from '../src/node/tuning.js'
import {
  compile,
  linear,
  manualSeed,
  matmul,
  randn,
  type Tensor,
  useVariants,
  variants,
} from '../src/node.js'
import { sideBySide } from '../src/tensor/contiguous.js'
import { watchRuns } from '../src/tensor/run.js'
import type { Shape } from '../src/tensor/shape.js'
import { gpu } from './gpu.js'

const variantOf = (family: Family) => variants()[family].variant

test.before(gpu)
test.after.each(() => useVariants({}))

const geometries: Geometry[] = [
  {
    x: [5, 3, 7, 6],
    y: [5, 9, 4, 3],
    w: [9, 3, 3, 2],
    stride: [2, 2],
    padding: [1, 0],
    dilation: [1, 1],
    groups: 1,
  },
  {
    x: [2, 4, 9, 8],
    y: [2, 6, 3, 4],
    w: [6, 2, 3, 2],
    stride: [2, 3],
    padding: [0, 2],
    dilation: [2, 1],
    groups: 2,
  },
  {
    x: [9, 16, 5, 5],
    y: [9, 8, 3, 3],
    w: [8, 16, 3, 3],
    stride: [2, 2],
    padding: [1, 1],
    dilation: [1, 1],
    groups: 1,
  },
  {
    x: [1, 1, 4, 4],
    y: [1, 1, 1, 1],
    w: [1, 1, 2, 2],
    stride: [4, 5],
    padding: [0, 0],
    dilation: [3, 2],
    groups: 1,
  },
]

/** y, x or w from the other two, in plain loops: iy = oy · stride − padding + ky · dilation. */
function reference(
  what: 'x' | 'y' | 'w',
  { x, y, w, stride, padding, dilation, groups }: Geometry,
  [X, Y, W]: readonly Float32Array[],
): number[] {
  const [o, c, kh, kw] = [y[1] / groups, ...w.slice(1)]
  const sums = new Array({ x, y, w }[what].reduce((a, b) => a * b, 1)).fill(0)
  for (let n = 0; n < x[0]; n++)
    for (let g = 0; g < groups; g++)
      for (let p = 0; p < o; p++)
        for (let q = 0; q < c; q++)
          for (let oy = 0; oy < y[2]; oy++)
            for (let ox = 0; ox < y[3]; ox++)
              for (let ky = 0; ky < kh; ky++)
                for (let kx = 0; kx < kw; kx++) {
                  const iy = oy * stride[0] - padding[0] + ky * dilation[0]
                  const ix = ox * stride[1] - padding[1] + kx * dilation[1]
                  if (iy < 0 || ix < 0 || iy >= x[2] || ix >= x[3]) continue
                  const inY = ((n * y[1] + g * o + p) * y[2] + oy) * y[3] + ox
                  const inX = ((n * x[1] + g * c + q) * x[2] + iy) * x[3] + ix
                  const inW = (((g * o + p) * c + q) * kh + ky) * kw + kx
                  if (what === 'y') sums[inY] += W[inW] * X[inX]
                  else if (what === 'x') sums[inX] += W[inW] * Y[inY]
                  else sums[inW] += X[inX] * Y[inY]
                }
  return sums
}

/** The sum of every channel of an image [n, channels, h, w]. */
function channelSums([images, channels, h, w]: Shape, values: Float32Array): number[] {
  const sums = new Array(channels).fill(0)
  for (let i = 0; i < images * channels * h * w; i++)
    sums[Math.floor(i / (h * w)) % channels] += values[i]
  return sums
}

function close(got: Float32Array, want: readonly number[] | Float32Array, what: string): void {
  assert.is(got.length, want.length)
  for (const [i, value] of got.entries())
    assert.ok(Math.abs(value - want[i]) < 2e-5, `${what} at ${i}: ${value}, not ${want[i]}`)
}

for (const { name: variant, serves } of families.conv)
  test(`conv/${variant} gives each of y, x and w from the other two as plain loops do`, async () => {
    if (!serves()) return
    manualSeed(2)
    for (const shapes of geometries) {
      const [x, y, w] = [shapes.x, shapes.y, shapes.w].map(shape => randn(shape))
      const values = await Promise.all([x, y, w].map(t => t.data()))
      for (const packs of [false, true]) {
        const got = convForward(x, w, shapes, {}, variant, packs)
        close(await got.data(), reference('y', shapes, values), 'y')
        const back = convInput(y, w, shapes, {}, variant, packs)
        close(await back.data(), reference('x', shapes, values), 'x')
      }
      for (const biasOf of ['x', 'y'] as const) {
        const [dw, db] = sideBySide('conv', shapes.w, [shapes[biasOf][1]])
        convWeight(x, y, shapes, { dw, db, biasOf }, variant)
        close(await dw.data(), reference('w', shapes, values), 'w')
        const image = biasOf === 'x' ? values[0] : values[1]
        close(await db.data(), channelSums(shapes[biasOf], image), `the sums of ${biasOf}`)
      }
    }
  })

const layers = [
  [1, 4, 4],
  [33, 36, 40],
  [5, 3, 7],
  [64, 64, 12],
  [35, 132, 4],
  [2, 1, 1],
]

for (const { name: variant, serves } of families.linear)
  test(`linear/${variant} gives a layer's gradients as plain loops do`, async () => {
    manualSeed(6)
    for (const [batch, inputs, outputs] of layers) {
      const [x, w, b] = [[batch, inputs], [outputs, inputs], [outputs]].map(shape =>
        randn(shape, { requiresGrad: true }),
      )
      if (!serves(x, w)) continue
      const dy = randn([batch, outputs])
      const [X, W, DY] = await Promise.all([x, w, dy].map(t => t.data()))
      const into = sideBySide('linear', w.shape, b.shape)
      const dx = linearGradients(x, w, dy, { dx: true, into, behind: 1 }, variant)
      const [dw, db] = into
      const sum = (n: number, f: (i: number) => number) =>
        Array.from({ length: n }, (_, i) => f(i)).reduce((p, q) => p + q, 0)
      const all = (rows: number, columns: number, f: (r: number, c: number) => number) =>
        Array.from({ length: rows * columns }, (_, i) => f(Math.floor(i / columns), i % columns))
      const slope = (n: number, i: number) => +(X[n * inputs + i] > 0)
      close(
        await dx.data(),
        all(
          batch,
          inputs,
          (n, i) => slope(n, i) * sum(outputs, o => DY[n * outputs + o] * W[o * inputs + i]),
        ),
        'dx',
      )
      close(
        await dw.data(),
        all(outputs, inputs, (o, i) => sum(batch, n => DY[n * outputs + o] * X[n * inputs + i])),
        'dW',
      )
      close(
        await db.data(),
        all(1, outputs, (_, o) => sum(batch, n => DY[n * outputs + o])),
        'db',
      )
    }
  })

test('kernels can be asked for, by name', () => {
  useVariants({ matmul: 'plain' })
  assert.equal(variants().matmul, { variant: 'plain', from: 'asked' })
  useVariantsOf('conv=plain, linear=linear/register')
  assert.is(variantOf('linear'), 'register')
  assert.is(variants().matmul.from, 'table')
  assert.throws(() => useVariantsOf('conv=fft'), /conv=fft; there are matmul=plain\|.*conv=plain\|/)
  assert.throws(() => useVariantsOf('dance=tango'), /there are matmul=/)
})

test('kernels are known by the names that they had before 0.2, too', () => {
  useVariantsOf('matmul=matmul,linear=linear_tiled,conv=conv')
  assert.equal([variantOf('matmul'), variantOf('linear')], ['plain', 'tiled'])
  assert.is(variantOf('conv'), 'register')
  useVariantsOf('matmul=matmul_subgroup,conv=conv_subgroup')
  assert.equal([variantOf('matmul'), variantOf('conv')], ['subgroup', 'subgroup'])
})

test('a choice after a step was recorded holds for its next call', async () => {
  const [a, b] = [randn([9, 9]), randn([9, 9])]
  const step = compile((x: Tensor) => matmul(x, b))
  for (const matmul of ['plain', 'register', 'tiled'] as const) {
    useVariants({ matmul })
    const { recorded } = step.counts
    for (let i = 0; i < 3; i++) step(a)
    assert.is(step.counts.recorded, recorded + 1, matmul)
  }
})

test('what was measured is kept, used, and forgotten', () => {
  const before = process.env.XDG_CACHE_HOME
  process.env.XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))
  try {
    saveTuning({ matmul: 'register', linear: 'register', conv: 'plain' })
    assert.equal(variants().conv, { variant: 'plain', from: 'tuned' })
    assert.match(readFileSync(tuningFile(), 'utf8'), /"matmul": "register"/)
    saveTuning(null)
    assert.is(variants().conv.from, 'table')
    assert.not.ok(existsSync(tuningFile()))
    saveTuning({ matmul: 'register', linear: 'register', conv: 'plain' })
    writeFileSync(tuningFile(), 'no JSON')
    saveTuning(null)
    assert.not.ok(existsSync(tuningFile()))
  } finally {
    process.env.XDG_CACHE_HOME = before ?? ''
  }
})

test('the gap between the gradients of a weight and of a bias is no result', () => {
  const [dw] = sideBySide('conv', [3, 3, 1, 1], [3])
  assert.equal(contentsOf(dw.storage.lease), [
    { from: 0, count: 9 },
    { from: 12, count: 3 },
  ])
})

test('a layer of one row takes the kernel that is asked for, too', async () => {
  const [x, w] = [randn([1, 8]), randn([5, 8])]
  const kernels: string[] = []
  watchRuns(kernel => kernels.push(kernel))
  linear(x, w)
  useVariants({ matmul: 'register' })
  linear(x, w)
  watchRuns(null)
  assert.equal(kernels, ['linear/few', 'matmul/register'])
})

test.run()
