/**
 * A diffusion model draws the digits that it is asked for:
 *
 *     npx tsx examples/diffusion.ts [steps] [FOLDER]      twice 2,000 steps, 2 minutes without a GPU
 *
 * FOLDER has MNIST, of which a part is used; without it the digits are drawn. First an autoencoder
 * learns to write an image as a code x of 16 numbers. Then noise ε is mixed into codes by an angle
 * φ from 0 to π/2, and a network learns to predict v from the mixture z, the angle and the digit:
 *
 *     z = cos φ · x + sin φ · ε      v = cos φ · ε − sin φ · x
 *
 * The picture out/diffusion.png has one column per digit.
 * Rombach et al. 2022, "High-resolution image synthesis with latent diffusion models".
 * Salimans & Ho 2022, "Progressive distillation for fast sampling of diffusion models", for v.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { grid } from '../src/cli/pictures.js'
import {
  arange,
  binaryCrossEntropyWithLogits,
  cat,
  compile,
  data,
  full,
  init,
  loadMnist,
  manualSeed,
  mseLoss,
  nn,
  noGrad,
  rand,
  randint,
  randn,
  type Tensor,
  tensor,
} from '../src/node.js'

const [steps, folder] = [Number(process.argv[2] ?? 2000), process.argv[3]]
const [batch, size, rows, angles] = [128, 16, 8, 50]

await init()
manualSeed(1)
const all = folder ? await loadMnist(folder, 'train') : data.drawDigits({ count: 8000 })
const set = data.take(all, folder ? 40000 : 8000)
const labels = tensor(Int32Array.from(set.labels))
const images = tensor(data.pixels(set, { mean: 0, std: 1 }), { shape: [set.count, 784] })

const layer = (from: number, to: number) => [new nn.Linear(from, to), new nn.ReLU()]
const encoder = new nn.Sequential(...layer(784, 256), ...layer(256, 128), new nn.Linear(128, size))
const decoder = new nn.Sequential(...layer(size, 128), ...layer(128, 256), new nn.Linear(256, 784))
const digit = new nn.Embedding(10, 32)
const denoiser = new nn.Sequential(
  ...layer(size + 16 + 32, 256),
  ...layer(256, 256),
  ...layer(256, 256),
  new nn.Linear(256, size),
)

/** Makes steps against the gradient of a loss, which gets the positions of random images. */
async function train(name: string, modules: nn.Module[], loss: (index: Tensor) => Tensor) {
  const optimizer = new nn.Adam(modules.flatMap(m => m.parameters()))
  const schedule = new nn.OneCycleLR(optimizer, { maxLr: 3e-3, totalSteps: steps + 1 })
  const meter = new nn.Meter()
  const step = compile(() => {
    optimizer.zeroGrad()
    const y = loss(randint(0, set.count, [batch]))
    y.backward()
    optimizer.step()
    return y
  })
  for (let i = 1; i <= steps; i++) {
    meter.add(step())
    schedule.step()
    if (i % 500 === 0) console.log(`${name}, step ${i}: loss ${(await meter.take()).toFixed(4)}`)
  }
}

// noise on codes makes images of close codes alike
const encode = (x: Tensor) => encoder.forward(x).layerNorm(size)
await train('autoencoder', [encoder, decoder], index => {
  const x = images.indexSelect(0, index)
  const code = encode(x).add(randn([batch, size]).mul(0.2))
  return binaryCrossEntropyWithLogits(decoder.forward(code), x)
})
const codes = noGrad(() => encode(images))

/** cos φ · a + sin φ · b, with angles phi [n, 1] and codes [n, 16]. */
const mix = (phi: Tensor, a: Tensor, b: Tensor) => phi.cos().mul(a).add(phi.sin().mul(b))
function predict(z: Tensor, phi: Tensor, digits: Tensor): Tensor {
  const waves = phi.mul(arange(1, 9).to('f32')) // [n, 8]
  return denoiser.forward(cat([z, waves.sin(), waves.cos(), digit.forward(digits)], 1))
}
await train('diffusion', [denoiser, digit], index => {
  const x = codes.indexSelect(0, index)
  const [epsilon, phi] = [randn([batch, size]), rand([batch, 1]).mul(Math.PI / 2)]
  const v = predict(mix(phi, x, epsilon), phi, labels.indexSelect(0, index))
  return mseLoss(v, mix(phi, epsilon, x.neg()))
})

const asked = arange(10).repeat([rows])
let z = randn([10 * rows, size])
for (let i = angles; i > 0; i--)
  z = noGrad(() => {
    const [phi, next] = [i, i - 1].map(k => full([10 * rows, 1], (k * Math.PI) / 2 / angles))
    const v = predict(z, phi, asked)
    return mix(next, mix(phi, z, v.neg()), mix(phi, v, z)) // x and ε, mixed by the next angle
  })
const samples = noGrad(() => decoder.forward(z).sigmoid())

// a sample is right if the training image that is nearest is of the digit asked for
const right = noGrad(() => {
  const products = samples.matmul(images.transpose(0, 1)).mul(2)
  const nearest = images.square().sum(1).sub(products).argmin(1) // |a − b|² − |a|² is least
  return labels.indexSelect(0, nearest).equal(asked).to('f32').mean()
})
console.log(`${(100 * (await right.item())).toFixed(0)} % of the samples look like their digit`)
mkdirSync('out', { recursive: true })
writeFileSync('out/diffusion.png', grid(await samples.data(), { columns: 10, range: [0, 1] }))
console.log('written to out/diffusion.png')
