/** The models as PyTorch computes and trains them, and the same bytes from the same seed. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { drawDigits } from '../src/data/digits.js'
import { manualSeed, nn, scope } from '../src/index.js'
import { loadMnist } from '../src/node/mnist.js'
import { batch, type Kind, kinds, step } from './autoencoders.js'
import { runModel } from './goldens/model.js'
import { gpu } from './gpu.js'
import { realMnist } from './mnist.js'

test.before(gpu)

/** The folder with PyTorch's results on MNIST: KERNELGRAD_GOLDENS, or one beside the repository. */
const goldens =
  process.env.KERNELGRAD_GOLDENS ?? fileURLToPath(new URL('../../shared/goldens', import.meta.url))

for (const name of Object.keys(kinds)) {
  test(`the ${name} autoencoder computes, differentiates and trains as PyTorch’s`, async () => {
    const file = new URL(`./fixtures/model_${name}.safetensors`, import.meta.url)
    await agrees(readFileSync(file), `model_${name}`)
  })

  test(`and so on MNIST: ${name}`, async () => {
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

  test(`the same seed gives the same weights, another seed others: ${name}`, async () => {
    const { images } = drawDigits({ count: 100 })
    const first = await bytesAfter(kinds[name], { steps: 20, seed: 3, images })
    assert.equal(await bytesAfter(kinds[name], { steps: 20, seed: 3, images }), first)
    assert.not.equal(await bytesAfter(kinds[name], { steps: 20, seed: 4, images }), first)
  })
}

async function agrees(bytes: Uint8Array, name: string, images?: Uint8Array): Promise<void> {
  const outcomes = await runModel(bytes, name, images)
  const worst = outcomes.reduce((a, b) => (b.ratio > a.ratio ? b : a))
  console.log(
    `  ${name}: ${outcomes.length} compared, worst ${worst.name} ` +
      `at ${worst.ratio.toPrecision(2)} of its bound`,
  )
  assert.equal(
    outcomes
      .filter(({ ratio }) => !(ratio <= 1))
      .map(o => `${o.name}: ${o.worst} (${o.ratio.toPrecision(3)} times its bound)`),
    [],
  )
}

/** A model's parameters after some steps under a seed, as bytes. */
async function bytesAfter(
  kind: Kind,
  { steps, seed, images }: { steps: number; seed: number; images: Uint8Array },
): Promise<Uint8Array> {
  manualSeed(seed)
  const model = kind.make()
  const optimizer = new nn.Adam(model.parameters())
  const count = images.length / 784
  for (let s = 0; s < steps; s++) {
    const index = Int32Array.from({ length: 32 }, (_, i) => ((s * 32 + i) * 7) % count)
    scope(() => {
      step(model, optimizer, batch(kind, images, index))
    })
  }
  const parts = await Promise.all(model.parameters().map(p => p.data()))
  return Uint8Array.from(parts.flatMap(part => [...new Uint8Array(part.buffer)]))
}

test.run()
