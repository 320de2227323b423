/**
 * A convolutional autoencoder learns to remove noise from digits:
 *
 *     npx tsx examples/denoising.ts [steps] [FOLDER]      600 steps, 1 to 2 minutes without a GPU
 *
 * FOLDER has MNIST, of which a part is used; without it the digits are drawn. The noise is normal
 * with σ = 0.3, on pixels in [0, 1]. out/denoising.png has three rows: noisy, cleaned, original.
 *
 * Vincent et al. 2008, "Extracting and composing robust features with denoising autoencoders".
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { grid } from '../src/cli/pictures.js'
import {
  cat,
  compile,
  data,
  init,
  loadMnist,
  manualSeed,
  mseLoss,
  nn,
  noGrad,
  randint,
  randnLike,
  type Tensor,
  tensor,
} from '../src/node.js'

const [steps, folder] = [Number(process.argv[2] ?? 600), process.argv[3]]
const [sigma, batch, side] = [0.3, 32, 28]

await init()
manualSeed(1)
const all = folder ? await loadMnist(folder, 'train') : data.drawDigits({ count: 4250 })
const [train, rest] = data.split(all, folder ? 40000 : 4000)
const test = data.take(rest, 250)
const floats = (set: data.ImageSet) => data.pixels(set, { mean: 0, std: 1 })
const images = tensor(floats(train), { shape: [train.count, 1, side, side] })

/** Two levels down, and up again. At each, the decoder also sees what the encoder saw. */
class Denoiser extends nn.Module {
  readonly first = new nn.Conv2d(1, 16, 3, { padding: 1 }) // [n, 16, 28, 28]
  readonly second = new nn.Conv2d(16, 32, 3, { padding: 1, stride: 2 }) // [n, 32, 14, 14]
  readonly third = new nn.Conv2d(32, 64, 3, { padding: 1, stride: 2 }) // [n, 64, 7, 7]
  readonly up = new nn.ConvTranspose2d(64, 32, 2, { stride: 2 })
  readonly upper = new nn.ConvTranspose2d(64, 16, 2, { stride: 2 })
  readonly last = new nn.Conv2d(32, 1, 3, { padding: 1 })

  forward(x: Tensor): Tensor {
    const a = this.first.forward(x).relu()
    const b = this.second.forward(a).relu()
    const c = this.third.forward(b).relu()
    const d = cat([this.up.forward(c).relu(), b], 1)
    return this.last.forward(cat([this.upper.forward(d).relu(), a], 1)).sigmoid()
  }
}

const model = new Denoiser()
const optimizer = new nn.Adam(model.parameters(), { lr: 2e-3 })
const schedule = new nn.CosineAnnealingLR(optimizer, { tMax: steps })
const noisy = (x: Tensor) => x.add(randnLike(x).mul(sigma))

const step = compile(() => {
  optimizer.zeroGrad()
  const x = images.indexSelect(0, randint(0, train.count, [batch]))
  const loss = mseLoss(model.forward(noisy(x)), x)
  loss.backward()
  optimizer.step()
  return loss
})

const meter = new nn.Meter()
for (let i = 1; i <= steps; i++) {
  meter.add(step())
  schedule.step()
  if (i % 100 === 0) console.log(`step ${i}: loss ${(await meter.take()).toFixed(5)}`)
}

const originals = floats(test)
const x = noisy(tensor(originals, { shape: [test.count, 1, side, side] }))
const [given, cleaned] = [await x.data(), await noGrad(() => model.forward(x)).data()]

/** Each pixel from the (2r + 1)² pixels around it; outside of the image all is black. */
function filter(r: number, f: (window: number[]) => number): Float32Array {
  const around = Array.from({ length: 2 * r + 1 }, (_, k) => k - r)
  return given.map((_, i) => {
    const [y, x] = [Math.floor(i / side) % side, i % side]
    const isInside = (v: number) => v >= 0 && v < side
    const at = (dy: number, dx: number) =>
      isInside(y + dy) && isInside(x + dx) ? given[i + dy * side + dx] : 0
    return f(around.flatMap(dy => around.map(dx => at(dy, dx))))
  })
}
const median = filter(1, window => window.sort((a, b) => a - b)[4])
const spread = 0.75 // pixels; other widths give less
const bell = (d: number) =>
  Math.exp(-(d ** 2) / (2 * spread ** 2)) / Math.sqrt(2 * Math.PI) / spread
const weights = Array.from(
  { length: 49 },
  (_, k) => bell(Math.floor(k / 7) - 3) * bell((k % 7) - 3),
)
const blurred = filter(3, window => window.reduce((sum, v, k) => sum + weights[k] * v, 0))

/** 10 log₁₀(1 / MSE) in decibels, the mean over all images. Pixels are cut to [0, 1] first. */
function psnr(copies: Float32Array): string {
  const errors = new Float64Array(test.count)
  copies.forEach((value, i) => {
    const error = Math.min(Math.max(value, 0), 1) - originals[i]
    errors[Math.floor(i / side ** 2)] += error ** 2 / side ** 2
  })
  return `${(errors.reduce((sum, mse) => sum - 10 * Math.log10(mse), 0) / test.count).toFixed(2)} dB`
}
console.log(`noisy ${psnr(given)}, median ${psnr(median)}, Gaussian filter ${psnr(blurred)}`)
console.log(`cleaned ${psnr(cleaned)}, the mean over ${test.count} test images`)

const rows = [given, cleaned, originals].flatMap(row => [...row.subarray(0, 12 * side ** 2)])
mkdirSync('out', { recursive: true })
writeFileSync('out/denoising.png', grid(Float32Array.from(rows), { columns: 12, range: [0, 1] }))
console.log('written to out/denoising.png')
