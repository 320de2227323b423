/** The models as PyTorch computes and trains them, and the same bytes from the same seed. */
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { drawDigits } from '../src/data/digits.js'
import { loadMnist } from '../src/node/mnist.js'
import { bytesAfter, compareMlp } from './goldens/model.js'
import { gpu } from './gpu.js'
import { realMnist } from './mnist.js'

test.before(gpu)

test('the MLP autoencoder computes, differentiates and trains as PyTorch’s', async () => {
  const bytes = readFileSync(new URL('./fixtures/model_mlp.safetensors', import.meta.url))
  assert.equal(await compareMlp(bytes, 'model_mlp'), [])
})

test('and so on MNIST', async () => {
  const file = new URL(
    process.env.KERNELGRAD_GOLDENS ?? '../../shared/goldens/model_mlp.safetensors',
    import.meta.url,
  )
  if (!existsSync(file))
    return console.log(
      '  skipped: no results for MNIST here; KERNELGRAD_GOLDENS may name their file',
    )
  const folder = realMnist()
  if (!folder) return
  const { images } = await loadMnist(folder, 'test')
  assert.equal(await compareMlp(readFileSync(file), 'model_mlp on MNIST', images), [])
})

test('the same seed gives the same weights byte for byte, another seed others', async () => {
  const { images } = drawDigits({ count: 100 })
  const first = await bytesAfter(20, 3, images)
  assert.equal(await bytesAfter(20, 3, images), first)
  assert.not.equal(await bytesAfter(20, 4, images), first)
})

test.run()
