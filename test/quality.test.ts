/** Filters and measures against plain float64. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { gaussianFilter, medianFilter } from '../src/cli/filters.js'
import { normalQuantile, normalQuantiles } from '../src/cli/normal.js'
import { psnrOf, qualityOf } from '../src/cli/quality.js'
import { meanOf } from '../src/cli/statistics.js'

const [height, width] = [5, 7]
const sizes = { height, width }
const images = Float32Array.from({ length: 3 * height * width }, (_, i) => ((i * 37) % 101) / 100)

/** The pixel of image n at [y, x]; beyond an edge the one on it. */
const at = (n: number, y: number, x: number) => {
  const inside = (v: number, size: number) => Math.min(Math.max(v, 0), size - 1)
  return images[(n * height + inside(y, height)) * width + inside(x, width)]
}

function places(f: (n: number, y: number, x: number, i: number) => void): void {
  for (let i = 0; i < images.length; i++)
    f(Math.floor(i / height / width), Math.floor(i / width) % height, i % width, i)
}

test('the median of the pixels around, by sorting', () => {
  for (const radius of [1, 2]) {
    const filtered = medianFilter(images, radius, sizes)
    places((n, y, x, i) => {
      const window: number[] = []
      for (let dy = -radius; dy <= radius; dy++)
        for (let dx = -radius; dx <= radius; dx++) window.push(at(n, y + dy, x + dx))
      window.sort((a, b) => a - b)
      assert.is(filtered[i], window[(window.length - 1) / 2])
    })
  }
})

test('the Gaussian filter, by the double sum', () => {
  for (const sigma of [0.4, 0.75, 1.5]) {
    const filtered = gaussianFilter(images, sigma, sizes)
    const radius = Math.ceil(4 * sigma)
    places((n, y, x, i) => {
      let [sum, total] = [0, 0]
      for (let dy = -radius; dy <= radius; dy++)
        for (let dx = -radius; dx <= radius; dx++) {
          const weight = Math.exp(-(dy * dy + dx * dx) / (2 * sigma * sigma))
          sum += weight * at(n, y + dy, x + dx)
          total += weight
        }
      // rounded to f32 once after each direction
      assert.ok(Math.abs(filtered[i] - sum / total) < 2 ** -22)
    })
  }
})

test('MSE and PSNR are means over images, with standard errors', () => {
  const originals = new Float32Array(8)
  const copies = Float32Array.from([0.5, 0.5, 0.5, 0.5, -1, 2, 0, 0])
  const { mse, psnr } = qualityOf(copies, originals, 4) // values are cut to [0, 1]
  assert.equal(mse, { mean: 0.25, deviation: 0, error: 0 })
  assert.ok(Math.abs(psnr.mean - 10 * Math.log10(4)) < 1e-12)
  const { mean, deviation, error } = meanOf([1, 2, 3, 6])
  assert.is(mean, 3)
  assert.ok(Math.abs(deviation - Math.sqrt(14 / 3)) < 1e-12)
  assert.ok(Math.abs(error - Math.sqrt(14 / 3 / 4)) < 1e-12)
  assert.is(meanOf([4]).error, 0)
  assert.ok(Math.abs(psnrOf(0) - 58.92) < 0.01)
  assert.throws(() => qualityOf(copies, originals.subarray(4), 4), /^quality: 8 values against 4/)
})

test('quantiles of the normal distribution are those of tables', () => {
  assert.ok(Math.abs(normalQuantile(0.975) - 1.959963984540054) < 1e-13)
  assert.ok(Math.abs(normalQuantile(0.9999) - 3.719016485455709) < 1e-11)
  assert.ok(Math.abs(normalQuantile(0.5)) < 1e-14)
  const four = normalQuantiles(4)
  assert.ok(Math.abs(four[0] + four[3]) < 1e-13 && four[2] > four[1])
  for (const p of [0, 1, -1, Number.NaN]) assert.throws(() => normalQuantile(p), /^quantile: /)
})

test.run()
