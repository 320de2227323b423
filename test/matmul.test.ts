/** Every kernel for matrix products, each by force, against float64. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  expand,
  full,
  manualSeed,
  permute,
  randn,
  scope,
  slice,
  type Tensor,
  transpose,
} from '../src/index.js'
import { subgroupSize } from '../src/kernels/device.js'
import { matrixProduct } from '../src/launches/matmul.js'
import { families } from '../src/launches/variants.js'
import { copy } from '../src/tensor/contiguous.js'
import { gpu } from './gpu.js'

test.before(gpu)

type Make = (rows: number, columns: number) => Tensor

// biome-ignore format: a table reads in columns
const layouts: Record<string, Make> = {
  'row after row':       (r, c) => randn([r, c]),
  'column after column': (r, c) => transpose(randn([c, r])),
  'part of a wider one': (r, c) => slice(randn([r, c + 8]), 1, { start: 4, stop: c + 4 }),
  'every second column': (r, c) => slice(randn([r, 2 * c]), 1, { step: 2 }),
}

const sizes = [
  [1, 1, 1],
  [3, 5, 7],
  [32, 32, 32],
  [33, 4, 36],
  [31, 64, 68],
  [65, 12, 4],
  [130, 20, 100],
  [129, 65, 131], // odd, and large enough for a kernel of subgroups
]

/** The largest |C − AB| over the largest |A||B|, in float64. */
async function distance(a: Tensor, b: Tensor, c: Tensor): Promise<number> {
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!]
  const [A, B, C] = [await a.data(), await b.data(), await c.data()]
  let [worst, largest] = [0, 0]
  for (let i = 0; i < C.length; i++) {
    const [batch, row, column] = [Math.floor(i / (m * n)), Math.floor(i / n) % m, i % n]
    let [sum, size] = [0, 0]
    for (let q = 0; q < k; q++) {
      const term = A[(batch * m + row) * k + q] * B[(batch * k + q) * n + column]
      sum += term
      size += Math.abs(term)
    }
    worst = Math.max(worst, Math.abs(C[i] - sum))
    largest = Math.max(largest, size)
  }
  return worst / largest
}

for (const { name: variant, serves } of families.matmul) {
  test(`matmul/${variant} multiplies matrices of any layout and size that it serves`, async () => {
    manualSeed(4)
    let served = 0
    for (const [m, k, n] of sizes) {
      for (const [of, left] of Object.entries(layouts)) {
        for (const [by, right] of Object.entries(layouts)) {
          const [a, b] = [left(m, k), right(k, n)]
          if (!serves(a, b)) continue
          served++
          const error = await distance(a, b, matrixProduct(a, b, { variant }))
          assert.ok(error < 4e-7, `[${m}, ${k}] ${of} by [${k}, ${n}] ${by}: off by ${error}`)
        }
      }
    }
    if (variant === 'matrix')
      assert.is(served, 0) // see matrixunits.test.ts
    else if (variant !== 'subgroup') assert.is(served, sizes.length * 16)
    else if ([4, 8].includes(subgroupSize())) assert.ok(served >= 25, `served ${served}`)
    else console.log('  skipped: subgroups here are not of 4 or 8')
  })

  test(`matmul/${variant} multiplies batches, broadcast and strided ones too`, async () => {
    const a = expand(randn([1, 70, 8]), [60, 70, 8]) // as many blocks as matmul/tiled wants for its larger tiles
    const b = transpose(randn([60, 68, 8]))
    if (!serves(a, b)) return
    assert.ok((await distance(a, b, matrixProduct(a, b, { variant }))) < 4e-7)
  })

  test(`matmul/${variant} writes into a view, and nothing beside it`, async () => {
    for (const [m, n, first] of [
      [33, 12, 4],
      [18, 7, 3],
    ]) {
      // [3, heads 2, m, n], as a part of [3, m, 2, wider]
      const whole = full([3, m, 2, 20], 7)
      const into = permute(slice(whole, 3, { start: first, stop: first + n }), [0, 2, 1, 3])
      const [a, b] = [randn([3, 2, m, 16]), randn([3, 2, 16, n])]
      if (!serves(a, b, into)) continue
      assert.is(matrixProduct(a, b, { variant, into }), into)
      assert.ok((await distance(a, b, copy(into))) < 4e-7)
      const around = (await whole.data()).filter((_, i) => i % 20 < first || i % 20 >= first + n)
      assert.ok(around.every(v => v === 7))
    }
  })
}

test('terms in parts give the same product, with bias and activation', async () => {
  manualSeed(5)
  for (const [of, left] of Object.entries(layouts))
    for (const parts of [2, 3, 7]) {
      const [a, b, bias] = [left(33, 84), transpose(randn([20, 84])), randn([20])]
      const relu = 1
      const whole = matrixProduct(a, b, { bias, activation: relu })
      const split = matrixProduct(a, b, { bias, activation: relu, variant: 'vector', parts })
      const [W, S] = [await whole.data(), await split.data()]
      for (const [i, w] of W.entries())
        assert.ok(Math.abs(S[i] - w) < 2e-5, `${of} in ${parts} parts, at ${i}: ${S[i]}, not ${w}`)
    }
})

test('the same product has the same bits every time', async () => {
  const [a, b] = [randn([128, 784]), transpose(randn([128, 784]))]
  const first = await scope(() => matrixProduct(a, b)).data()
  assert.equal(await scope(() => matrixProduct(a, b)).data(), first)
})

test.run()
