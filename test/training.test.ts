/**
 * Whole trainings on MNIST end with PyTorch's errors. They take minutes, so they run only with
 * KERNELGRAD_SLOW=1, or with the names of some: KERNELGRAD_SLOW=mlp,conv-128.
 */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ImageSet, pixels, split } from '../src/data/dataset.js'
import { DataLoader } from '../src/data/loader.js'
import { manualSeed, nn, noGrad } from '../src/index.js'
import { loadMnist } from '../src/node/mnist.js'
import { type Autoencoder, errors, type Kind, kinds, step } from './autoencoders.js'
import { gpu } from './gpu.js'
import { realMnist } from './mnist.js'

test.before(gpu)

interface Setting {
  model: string
  batch: number
  /** Seeds 0 up to this: PyTorch's runs and ours have as many. */
  seeds: number
  weightDecay: number
  /** PyTorch's mean squared error on the test images after the last epoch, over its seeds. */
  mean: number
  std: number
}

/**
 * PyTorch 1.13 on MNIST's t10k file: trained on the first 8,000 images, in a new order every epoch,
 * and tested on the other 2,000; five epochs of Adam at 1e-3. Errors are on the model's own scale:
 * pixels in [−1, 1], the VAE's in [0, 1]. A model whose output is always the mean training image
 * has the error 0.2854 (VAE: 0.0714).
 */
// biome-ignore format: a table reads in columns
const settings: Setting[] = [
  { model: 'mlp',  batch: 128, seeds: 5,  weightDecay: 1e-5, mean: 0.2265,  std: 0.0049 },
  { model: 'mlp',  batch: 32,  seeds: 5,  weightDecay: 1e-5, mean: 0.1805,  std: 0.0047 },
  { model: 'conv', batch: 128, seeds: 12, weightDecay: 1e-5, mean: 0.3391,  std: 0.0917 },
  { model: 'conv', batch: 32,  seeds: 12, weightDecay: 1e-5, mean: 0.1893,  std: 0.0322 },
  { model: 'vae',  batch: 128, seeds: 5,  weightDecay: 0,    mean: 0.06468, std: 0.0018 },
  { model: 'vae',  batch: 32,  seeds: 5,  weightDecay: 0,    mean: 0.05764, std: 0.0032 },
]
const epochs = 5
const chosen = process.env.KERNELGRAD_SLOW?.split(',') ?? []

for (const setting of settings) {
  const { model, batch, seeds, mean, std } = setting
  const name = `${model}-${batch}`
  test(`${name}: five epochs on MNIST end within two standard deviations of PyTorch`, async () => {
    if (!['1', model, name].some(word => chosen.includes(word)))
      return console.log(`  skipped: takes minutes; set KERNELGRAD_SLOW to 1 or to ${name}`)
    const folder = realMnist()
    if (!folder) return
    const [trainSet, testSet] = split(await loadMnist(folder, 'test'), 8000)
    const ends: number[] = []
    for (let seed = 0; seed < seeds; seed++) {
      manualSeed(seed)
      const network = kinds[model].make()
      await train(network, trainSet, { ...setting, seed })
      ends.push(await testError(network, kinds[model], testSet))
      console.log(`  ${name}, seed ${seed}: ${ends[seed].toFixed(5)}`)
    }
    const ours = ends.reduce((sum, x) => sum + x, 0) / seeds
    console.log(`  ${name}: mean ${ours.toFixed(5)}, PyTorch's ${mean} ± ${std}`)
    assert.ok(Math.abs(ours - mean) <= 2 * std, `mean ${ours}`)
  })
}

async function train(
  network: Autoencoder,
  images: ImageSet,
  { model, batch, weightDecay, seed }: Setting & { seed: number },
): Promise<void> {
  const optimizer = new nn.Adam(network.parameters(), { lr: 1e-3, weightDecay })
  const options = { batchSize: batch, shuffle: true, seed }
  const loader = new DataLoader(samples(kinds[model], images), options)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for await (const { x } of loader) step(network, optimizer, x)
  }
}

/** Mean squared error over all pixels of all images. */
async function testError(network: Autoencoder, kind: Kind, images: ImageSet): Promise<number> {
  let total = 0
  for await (const { x } of new DataLoader(samples(kind, images), { batchSize: 500 }))
    total += (await noGrad(() => errors(network, x).mse).item()) * x.shape[0]
  return total / images.count
}

function samples({ sample, scale }: Kind, images: ImageSet) {
  return { x: pixels(images, scale), shape: sample }
}

test.run()
