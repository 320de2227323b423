/** The denoiser as a network of the command line. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { makeNetwork } from '../src/cli/loaded.js'
import { addNoise } from '../src/cli/noise.js'
import { drawDigits } from '../src/data/digits.js'
import {
  compile,
  data,
  manualSeed,
  models,
  nn,
  noGrad,
  shutdown,
  type Tensor,
  tensor,
} from '../src/node.js'
import { gpu } from './gpu.js'

test.before(gpu)
test.after(shutdown)

test('it learns to take noise away, of images of any size that 4 divides', async () => {
  manualSeed(1)
  const network = await makeNetwork('denoiser')
  const digits = data.pixels(drawDigits({ count: 16 }), { mean: 0, std: 1 })
  const x = tensor(digits, { shape: [16, ...network.shape] })
  const optimizer = new nn.Adam(network.model.parameters(), { lr: 3e-3 })
  const noisy = () => addNoise(x, { kind: 'gaussian', amount: 0.3 }, network.range)
  const step = compile((clean: Tensor) => {
    optimizer.zeroGrad()
    const loss = network.loss(noisy(), clean)
    loss.backward()
    optimizer.step()
    return loss
  })
  const first = await step(x).item()
  for (let i = 0; i < 60; i++) step(x)
  const last = await step(x).item()
  // σ² = 0.09 is the error of the noisy images themselves
  assert.ok(first > 0.09 && last < 0.03, `${first} ${last}`)
  const wide = noGrad(() => new models.Denoiser({ width: 2 }).forward(x.narrow(2, 0, 20)))
  assert.equal(wide.shape, [16, 1, 20, 28])
})

test('it says that it has no code, and which widths there are', async () => {
  const network = await makeNetwork('denoiser')
  assert.is(network.latent, null)
  assert.throws(() => network.encode(tensor([1])), /^--model denoiser: it has no codes; choose mlp/)
  for (const width of [0, -1, 1.5])
    assert.throws(() => new models.Denoiser({ width }), /width is .* above 0/)
})

test.run()
