/** Kernels that compute the same thing do so, whichever is chosen, and the choice is one's own. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { saveTuning, variantOf } from '../src/kernels/variants.js'
import { convKernels, forward, type Geometry, input, servesConv } from '../src/launches/conv.js'
import { affineGradients, affineKernels, servesAffine } from '../src/launches/linear.js'
import { tuningFile, useVariantsOf } from '../src/node/tuning.js'
import { manualSeed, randn, type Tensor, useVariants, variants } from '../src/node.js'
import { sideBySide } from '../src/tensor/contiguous.js'
import { gpu } from './gpu.js'

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

/** y or x in plain loops, from the relation between the two: iy = oy · stride − padding + ky · dilation. */
async function reference(
  of: Tensor,
  w: Tensor,
  shapes: Geometry,
  entry: 'forward' | 'input',
): Promise<number[]> {
  const { x, y, stride, padding, dilation, groups } = shapes
  const [source, weights] = [await of.data(), await w.data()]
  const [o, c, kh, kw] = [y[1] / groups, ...shapes.w.slice(1)]
  const sums = new Array((entry === 'forward' ? y : x).reduce((a, b) => a * b, 1)).fill(0)
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
                  const weight = weights[(((g * o + p) * c + q) * kh + ky) * kw + kx]
                  if (entry === 'forward') sums[inY] += weight * source[inX]
                  else sums[inX] += weight * source[inY]
                }
  return sums
}

function close(got: Float32Array, want: readonly number[] | Float32Array, what: string): void {
  assert.is(got.length, want.length)
  for (const [i, value] of got.entries())
    assert.ok(Math.abs(value - want[i]) < 2e-5, `${what} at ${i}: ${value}, not ${want[i]}`)
}

for (const kernel of convKernels)
  test(`${kernel} convolves and transposes as plain loops do`, async () => {
    if (!servesConv(kernel)) return
    manualSeed(2)
    for (const shapes of geometries) {
      const [x, y, w] = [shapes.x, shapes.y, shapes.w].map(shape => randn(shape))
      close(
        await forward(x, w, shapes, {}, kernel).data(),
        await reference(x, w, shapes, 'forward'),
        'y',
      )
      close(
        await input(y, w, shapes, {}, kernel).data(),
        await reference(y, w, shapes, 'input'),
        'x',
      )
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

for (const kernel of affineKernels)
  test(`${kernel} gives a layer's gradients as plain loops do`, async () => {
    manualSeed(6)
    for (const [batch, inputs, outputs] of layers) {
      const [x, w, b] = [[batch, inputs], [outputs, inputs], [outputs]].map(shape =>
        randn(shape, { requiresGrad: true }),
      )
      if (!servesAffine(kernel, x, w)) continue
      const dy = randn([batch, outputs])
      const [X, W, DY] = await Promise.all([x, w, dy].map(t => t.data()))
      const { dx, dw, db } = affineGradients(
        { x, w, b, dy },
        1,
        sideBySide('linear', w.shape, b.shape),
        kernel,
      )
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
  useVariants({ matmul: 'matmul' })
  assert.equal(variants().matmul, { variant: 'matmul', from: 'asked' })
  useVariantsOf('conv=conv, linear=linear_register')
  assert.is(variantOf('linear'), 'linear_register')
  assert.is(variants().matmul.from, 'table')
  assert.throws(
    () => useVariantsOf('conv=fft'),
    /conv=fft; there are matmul=matmul\|matmul_tiled.*conv=conv\|conv_subgroup/,
  )
  assert.throws(() => useVariantsOf('dance=tango'), /there are matmul=/)
})

test('what was measured is kept, used, and forgotten', () => {
  const before = process.env.XDG_CACHE_HOME
  process.env.XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), 'kernelgrad-test-'))
  try {
    saveTuning({ matmul: 'matmul_register', linear: 'linear_register', conv: 'conv' })
    assert.equal(variants().conv, { variant: 'conv', from: 'tuned' })
    assert.match(readFileSync(tuningFile(), 'utf8'), /matmul_register/)
    saveTuning(null)
    assert.is(variants().conv.from, 'table')
    assert.not.ok(existsSync(tuningFile()))
    saveTuning({ matmul: 'matmul_register', linear: 'linear_register', conv: 'conv' })
    writeFileSync(tuningFile(), 'no JSON')
    saveTuning(null)
    assert.not.ok(existsSync(tuningFile()))
  } finally {
    process.env.XDG_CACHE_HOME = before ?? ''
  }
})

test.run()
