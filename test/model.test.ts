/** The models as PyTorch computes and trains them, and the same bytes from the same seed. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { drawDigits } from '../src/data/digits.js'
import { manualSeed, nn, scope } from '../src/index.js'
import { batch, type Kind, kinds, step } from './autoencoders.js'
import { fixture } from './fixture.js'
import { agrees } from './goldens/model.js'
import { gpu } from './gpu.js'

test.before(gpu)

for (const name of Object.keys(kinds)) {
  test(`the ${name} autoencoder computes, differentiates and trains as PyTorch’s`, async () => {
    await agrees(await fixture(`model_${name}.safetensors`), `model_${name}`)
  })

  test(`the same seed gives the same weights, another seed others: ${name}`, async () => {
    const { images } = drawDigits({ count: 100 })
    const first = await bytesAfter(kinds[name], { steps: 20, seed: 3, images })
    assert.equal(await bytesAfter(kinds[name], { steps: 20, seed: 3, images }), first)
    assert.not.equal(await bytesAfter(kinds[name], { steps: 20, seed: 4, images }), first)
  })
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
