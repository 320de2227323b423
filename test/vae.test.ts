/** The variational autoencoders: extreme numbers, evaluation, and images from noise. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { drawDigits } from '../src/data/digits.js'
import {
  add,
  full,
  grad,
  manualSeed,
  models,
  mseLoss,
  noGrad,
  randn,
  type Tensor,
  tensor,
  zeros,
} from '../src/index.js'
import { batch, kinds } from './autoencoders.js'
import { gpu } from './gpu.js'

test.before(gpu)

type Vae = models.VariationalAutoencoder | models.TextbookVAE

const both = {
  'the tutorial’s VAE': () => new models.VariationalAutoencoder(),
  'the textbook’s VAE': () => new models.TextbookVAE(),
}
const { images } = drawDigits({ count: 8 })
const digits = () =>
  batch(
    kinds.vae,
    images,
    Int32Array.from({ length: 8 }, (_, i) => i),
  )

/** Makes the encoder's output independent of its input: its last layer's weight becomes 0. */
function alwaysSay(model: Vae, bias: Tensor): void {
  model.loadStateDict(
    { 'encoder.4.weight': zeros([20, 64]), 'encoder.4.bias': bias },
    { strict: false },
  )
}

/** Loss, reconstruction and all gradients of a step, by name. */
async function allOf(model: Vae, x: Tensor): Promise<Record<string, number[]>> {
  const [out, kld] = model.forward(x)
  const named = model.namedParameters()
  const gradients = grad(
    add(mseLoss(out, x), kld),
    named.map(([, p]) => p),
  )
  const tensors = { out, kld, ...Object.fromEntries(named.map(([key], i) => [key, gradients[i]])) }
  const values: Record<string, number[]> = {}
  for (const [key, t] of Object.entries(tensors)) values[key] = [...(await t.data())]
  return values
}

function allFinite(values: Record<string, number[]>): void {
  const odd = Object.entries(values).filter(([, v]) => !v.every(Number.isFinite))
  assert.equal(
    odd.map(([key]) => key),
    [],
  )
}

test('where the tutorial’s sigma is exactly 0, value and gradients are finite', async () => {
  const model = new models.VariationalAutoencoder()
  alwaysSay(model, zeros([20]))
  const values = await allOf(model, digits())
  allFinite(values)
  // ½ Σ (0 + 0 − ln 10⁻⁸ − 1) over the 10 numbers of a code
  const expected = (0.5 * 10 * (-Math.log(1e-8) - 1)) / 784
  assert.ok(Math.abs(values.kld[0] - expected) < 1e-6, `kld ${values.kld[0]}, not ${expected}`)
  assert.ok(
    values['encoder.4.bias'].every(g => g === 0),
    'nothing passes the ReLU',
  )
})

test('just above 0, where its slope is steepest, they are finite too', async () => {
  for (const sigma of [1e-38, 1e-20, 1e-8, 1e-4]) {
    const model = new models.VariationalAutoencoder()
    alwaysSay(model, full([20], sigma))
    const values = await allOf(model, digits())
    allFinite(values)
    // summed over the 8 digits, with mu = sigma: the term's gradient, and a little of the image's
    const slope = (sigma - sigma / (1e-8 + sigma * sigma)) / 784
    const got = values['encoder.4.bias'].slice(10)
    const off = Math.max(...got.map(g => Math.abs(g - slope)))
    assert.ok(off < 1e-3 + 1e-5 * Math.abs(slope), `sigma ${sigma}: off by ${off}`)
  }
})

test('the textbook’s VAE works for all log-variances whose variance is an f32', async () => {
  for (const [mu, logVariance] of [
    [0, -1e4], // σ² is 0 in f32
    [0, -88],
    [5, 0],
    [-1e6, 20],
    [0, 80], // σ² is 5.5e34
  ]) {
    const model = new models.TextbookVAE()
    alwaysSay(model, tensor(Array.from({ length: 20 }, (_, i) => (i < 10 ? mu : logVariance))))
    const values = await allOf(model, digits())
    allFinite(values)
    const expected = (0.5 * 10 * (mu * mu + Math.exp(logVariance) - logVariance - 1)) / 784
    const off = Math.abs(values.kld[0] - expected)
    assert.ok(off <= 1e-5 * Math.abs(expected) + 1e-7, `kld ${values.kld[0]}, not ${expected}`)
  }
})

for (const [name, make] of Object.entries(both)) {
  test(`${name} in evaluation gives the same with the same seed, and records nothing`, async () => {
    const model = make().eval()
    const under = async (seed: number) => {
      manualSeed(seed)
      const [out, kld] = noGrad(() => model.forward(digits()))
      assert.not(out.requiresGrad || kld.requiresGrad)
      return [...(await out.data()), await kld.item()]
    }
    const first = await under(5)
    assert.equal(await under(5), first)
    assert.not.equal(await under(6), first)
  })

  test(`${name} draws pictures from noise, every pixel in [0, 1]`, async () => {
    const model = make()
    for (const spread of [1, 1e3]) {
      const pixels = [...(await noGrad(() => model.decode(randn([16, 10]).mul(spread))).data())]
      assert.is(pixels.length, 16 * 784)
      assert.ok(pixels.every(p => p >= 0 && p <= 1))
      assert.ok(new Set(pixels).size > 784, 'the pictures differ')
    }
    const flat = noGrad(() => model.decoder.forward(randn([3, 10])))
    assert.equal(flat.shape, [3, 784])
  })
}

test.run()
