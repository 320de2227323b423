/** A whole training on MNIST ends where PyTorch's does. Takes minutes: runs with KERNELGRAD_SLOW=1 only. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { choices } from '../src/cli/networks.js'
import { train } from '../src/cli/train.js'
import { pixels, split } from '../src/data/dataset.js'
import { manualSeed } from '../src/index.js'
import { loadMnist } from '../src/node/mnist.js'
import { gpu } from './gpu.js'
import { realMnist } from './mnist.js'

test.before(gpu)

/** PyTorch, 5 seeds: 8,000 images of MNIST's test file to train on, the other 2,000 to test with. */
const pytorch = { mean: 0.2265, std: 0.0049 }

test('five epochs of the MLP on MNIST end within two standard deviations of PyTorch', async () => {
  if (!process.env.KERNELGRAD_SLOW)
    return console.log('  skipped: takes minutes; set KERNELGRAD_SLOW=1')
  const folder = realMnist()
  if (!folder) return
  const [trainSet, testSet] = split(await loadMnist(folder, 'test'), 8000)
  const ends: number[] = []
  for (const seed of [0, 1, 2]) {
    manualSeed(seed)
    await train(
      choices.mlp.make(),
      { train: pixels(trainSet), test: pixels(testSet) },
      {
        epochs: 5,
        batch: 128,
        adam: { lr: 1e-3, weightDecay: 1e-5 },
        seed,
        stopped: () => false,
        onStep() {},
        onEpoch({ epoch, testError }) {
          if (epoch === 5) ends.push(testError)
        },
      },
    )
  }
  const mean = ends.reduce((sum, x) => sum + x, 0) / ends.length
  console.log(
    `  test errors ${ends.map(x => x.toFixed(4)).join(', ')}; mean ${mean.toFixed(4)}, PyTorch's ${pytorch.mean}`,
  )
  assert.ok(Math.abs(mean - pytorch.mean) <= 2 * pytorch.std, `mean ${mean}`)
})

test.run()
