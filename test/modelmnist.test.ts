/** The models on MNIST as PyTorch computes and trains them, where both are at hand. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import { loadMnist } from '../src/node/mnist.js'
import { kinds } from './autoencoders.js'
import { agrees } from './goldens/model.js'
import { gpu } from './gpu.js'
import { realMnist } from './mnist.js'

test.before(gpu)

/** The folder with PyTorch's results on MNIST: KERNELGRAD_GOLDENS, or one beside the repository. */
const goldens =
  process.env.KERNELGRAD_GOLDENS ?? fileURLToPath(new URL('../../shared/goldens', import.meta.url))

for (const name of Object.keys(kinds))
  test(`the ${name} autoencoder agrees with PyTorch’s on MNIST`, async () => {
    const file = join(goldens, `model_${name}.safetensors`)
    if (!existsSync(file))
      return console.log(
        `  skipped: no results for MNIST at ${file}; KERNELGRAD_GOLDENS may name their folder`,
      )
    const folder = realMnist()
    if (!folder) return
    const { images } = await loadMnist(folder, 'test')
    await agrees(readFileSync(file), `model_${name} on MNIST`, images)
  })

test.run()
