/** The MLP autoencoder held against PyTorch's: a batch with all gradients, and fifty steps of Adam. */
import { pixels } from '../../src/data/dataset.js'
import {
  grad,
  manualSeed,
  models,
  mseLoss,
  nn,
  scope,
  type Tensor,
  tensor,
} from '../../src/index.js'
import { fromHost } from '../../src/io/state.js'
import { type Goldens, parseGoldens, type Truth } from './file.js'
import { judge } from './judge.js'

interface ModelCase {
  adam: { lr: number }
  state: Record<string, number[]>
  latent: Truth
  out: Truth
  scalars: { loss: { f64: number; f32: number } }
  grads: Record<string, Truth>
  final: Record<string, Truth & { ulp_drift: number }>
  loss32_ulp_drift: number
}

const strict = { sensitive: false, relative: false, nonfinite: false, denormal: false }

/** Everything that disagrees, in words; nothing if the model is PyTorch's. `images` are what the indices name. */
export async function compareMlp(
  bytes: Uint8Array,
  name: string,
  images?: Uint8Array,
): Promise<string[]> {
  const { cases, at }: Goldens<ModelCase> = parseGoldens(bytes, name)
  const info = cases[0]
  const pool = images ?? (at('images').data as Uint8Array)
  const model = new models.MLPAutoencoder()
  const wrong: string[] = []
  const keys = Object.entries(model.stateDict()).map(([key, t]) => `${key} [${t.shape}]`)
  const theirs = Object.entries(info.state).map(([key, shape]) => `${key} [${shape}]`)
  if (`${keys}` !== `${theirs}`) wrong.push(`state: ${keys} instead of ${theirs}`)
  const start = Object.fromEntries(Object.keys(info.state).map(key => [key, at(`init.${key}`)]))
  model.loadStateDict(fromHost(start))

  const note = (what: string, got: ArrayLike<number>, truth: Truth, bound = 1) => {
    const { ratio, worst } = judge(
      got,
      { ...truth, shape: truth.shape ?? at(truth.key!).shape },
      at,
      strict,
    )
    if (!(ratio <= bound)) wrong.push(`${what}: ${worst}, ${ratio.toPrecision(3)} times its bound`)
  }
  const x = batch(pool, at('batch.index').data as Int32Array)
  const latent = model.encoder.forward(x)
  const out = model.decoder.forward(latent)
  note('latent', await latent.data(), info.latent)
  note('out', await out.data(), info.out)
  const loss = mseLoss(out, x)
  near(wrong, 'loss', await loss.item(), info.scalars.loss.f64, 1e-6)
  const named = model.namedParameters()
  const gradients = grad(
    loss,
    named.map(([, p]) => p),
  )
  for (const [i, [key]] of named.entries())
    note(`grad ${key}`, await gradients[i].data(), info.grads[key])

  const losses = await trainOn(
    model,
    info.adam.lr,
    pool,
    at('steps.index').data as Int32Array,
    at('steps.index').shape,
  )
  const expected = at('steps.loss64').data as Float64Array
  losses.forEach((l, i) => {
    near(wrong, `loss of step ${i}`, l, expected[i], 4 * info.loss32_ulp_drift + 2e-7)
  })
  for (const [key, p] of named) {
    const truth = info.final[key]
    const abs = Math.max(truth.ulp_drift, truth.err.abs)
    note(`final ${key}`, await p.data(), {
      ...truth,
      err: { ...truth.err, abs: abs / 2, scale: 0 },
    }) // up to 4 × ulp_drift
  }
  return wrong
}

/** A model's parameters after some steps under a seed, as bytes. */
export async function bytesAfter(
  steps: number,
  seed: number,
  images: Uint8Array,
): Promise<Uint8Array> {
  manualSeed(seed)
  const model = new models.MLPAutoencoder()
  const index = Int32Array.from({ length: steps * 32 }, (_, i) => (i * 7) % (images.length / 784))
  await trainOn(model, 1e-3, images, index, [steps, 32])
  const parts = await Promise.all(model.parameters().map(p => p.data()))
  return Uint8Array.from(parts.flatMap(part => [...new Uint8Array(part.buffer)]))
}

async function trainOn(
  model: models.MLPAutoencoder,
  lr: number,
  images: Uint8Array,
  index: Int32Array,
  [steps, size]: number[],
): Promise<number[]> {
  const optimizer = new nn.Adam(model.parameters(), { lr })
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    const loss = scope(() => {
      const x = batch(images, index.subarray(step * size, (step + 1) * size))
      optimizer.zeroGrad()
      const l = mseLoss(model.forward(x), x)
      l.backward()
      optimizer.step()
      return l
    })
    losses.push(await loss.item())
  }
  return losses
}

function batch(images: Uint8Array, index: Int32Array): Tensor {
  const bytes = new Uint8Array(index.length * 784)
  index.forEach((image, i) => {
    bytes.set(images.subarray(image * 784, (image + 1) * 784), i * 784)
  })
  const set = {
    images: bytes,
    labels: new Uint8Array(index.length),
    count: index.length,
    height: 28,
    width: 28,
  }
  return tensor(pixels(set), { shape: [index.length, 784] })
}

function near(wrong: string[], what: string, got: number, want: number, tolerance: number): void {
  if (!(Math.abs(got - want) <= tolerance))
    wrong.push(`${what}: ${got} instead of ${want}, may be off by ${tolerance}`)
}
