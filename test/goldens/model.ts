/** Compares an autoencoder with PyTorch's: a batch with all its gradients, and steps of Adam. */
import * as assert from 'uvu/assert'
import { grad, nn, scope, type Tensor, tensor } from '../../src/index.js'
import { fromHost } from '../../src/io/state.js'
import { openScope } from '../../src/tensor/scope.js'
import { type Autoencoder, batch, errors, type Kind, kinds, step } from '../autoencoders.js'
import { type Goldens, parseGoldens, type Truth } from './file.js'
import { judge, type Verdict } from './judge.js'
import type { Outcome } from './run.js'

interface ModelCase {
  model: string
  adam: { lr?: number; betas?: [number, number]; eps?: number; weight_decay?: number }
  state: Record<string, number[]>
  latent: Truth
  out: Truth
  scalars: Record<string, { f64: number; f32: number }>
  grads: Record<string, Truth>
  final: Record<string, Truth & { ulp_drift: number }>
  loss32_max_abs_diff: number
  loss32_ulp_drift: number
}

/** A model, its images, and the tensors of the file. */
interface Subject {
  kind: Kind
  model: Autoencoder
  images: Uint8Array
  at: Goldens['at']
}

type Found = Pick<Verdict, 'ratio' | 'worst'>
type Note = (what: string, found: Found) => void

const strict = { sensitive: false, relative: false, nonfinite: false, denormal: false }

/**
 * Compares everything in a model's file; one outcome per result, all under the model's name.
 * @param images the images that the file's indices name, 28 × 28 bytes each; by default those in
 *   the file itself
 */
export async function runModel(
  bytes: Uint8Array,
  name: string,
  images?: Uint8Array,
): Promise<Outcome[]> {
  const { cases, at }: Goldens<ModelCase> = parseGoldens(bytes, name)
  const info = cases[0]
  const outcomes: Outcome[] = []
  const note: Note = (what, { ratio, worst }) => {
    outcomes.push({ name: `${info.model}/${what}`, op: info.model, ratio, worst, lacks: [] })
  }
  const held = openScope()
  try {
    const kind = kinds[info.model]
    if (!kind) throw new Error(`a model of the kind ${info.model}; known are ${Object.keys(kinds)}`)
    const model = kind.make()
    note('state', compareState(model, info.state))
    const start = Object.keys(info.state).map(key => [key, at(`init.${key}`)])
    model.loadStateDict(fromHost(Object.fromEntries(start)))
    const subject = { kind, model, images: images ?? (at('images').data as Uint8Array), at }
    await compareBatch(subject, info, note)
    await compareSteps(subject, info, note)
  } catch (error) {
    note('run', { ratio: Infinity, worst: (error as Error).message })
  } finally {
    held.close()
  }
  return outcomes
}

/** Names and shapes of the parameters, in PyTorch's order. */
function compareState(model: Autoencoder, theirs: Record<string, number[]>): Found {
  const list = (state: [string, readonly number[]][]) =>
    state.map(([key, shape]) => `${key} [${shape}]`).join(', ')
  const ours = Object.entries(model.stateDict()).map(([key, t]): [string, readonly number[]] => [
    key,
    t.shape,
  ])
  const [got, want] = [list(ours), list(Object.entries(theirs))]
  return got === want
    ? { ratio: 0, worst: 'equal' }
    : { ratio: Infinity, worst: `${got} instead of ${want}` }
}

async function compareBatch(
  { kind, model, images, at }: Subject,
  info: ModelCase,
  note: Note,
): Promise<void> {
  const index = at('batch.index').data as Int32Array
  const x = batch(kind, images, index)
  const variational = info.model === 'vae'
  const found = errors(model, x, variational ? noise(at, 'batch.eps') : undefined)
  const latent = model.encoder.forward(variational ? x.reshape([index.length, 784]) : x)
  for (const [what, t] of Object.entries({ latent, out: found.out }))
    note(what, judge(await t.data(), info[what as 'latent' | 'out'], at, strict))
  for (const [key, { f64, f32 }] of Object.entries(info.scalars)) {
    const got = await found[key as 'mse' | 'kld' | 'loss']!.item()
    note(key, compareNumber(got, f64, 8 * Math.abs(f32 - f64) + 2e-6 * Math.abs(f64)))
  }
  const named = model.namedParameters()
  const gradients = grad(
    found.loss,
    named.map(([, p]) => p),
  )
  for (const [i, [key]] of named.entries())
    note(`grad ${key}`, judge(await gradients[i].data(), info.grads[key], at, strict))
}

/**
 * Adam steps from the file's init. Rounding errors grow with the steps, so the bound for losses and
 * parameters is not PyTorch's own error. It is 4 × the distance between PyTorch's float64 run and
 * its float32 runs from an init moved by one ulp, plus two ulps of the largest parameter, because a
 * single number may happen not to drift.
 */
async function compareSteps(
  { kind, model, images, at }: Subject,
  info: ModelCase,
  note: Note,
): Promise<void> {
  const { weight_decay, ...adam } = info.adam
  const optimizer = new nn.Adam(model.parameters(), { ...adam, weightDecay: weight_decay })
  const { shape, data } = at('steps.index')
  const [steps, size] = shape
  const epsilon = info.model === 'vae' ? noise(at, 'steps.eps') : undefined
  const expected = at('steps.loss64').data as Float64Array
  const tolerance = 4 * Math.max(info.loss32_ulp_drift, info.loss32_max_abs_diff) + 2e-7
  const verdicts: Found[] = []
  for (let i = 0; i < steps; i++) {
    const loss = scope(() => {
      const x = batch(kind, images, (data as Int32Array).subarray(i * size, (i + 1) * size))
      return step(model, optimizer, x, epsilon?.select(0, i))
    })
    const { ratio, worst } = compareNumber(await loss.item(), expected[i], tolerance)
    verdicts.push({ ratio, worst: `step ${i}: ${worst}` })
  }
  note(
    'losses',
    verdicts.reduce((a, b) => (b.ratio > a.ratio ? b : a)),
  )
  for (const [key, p] of model.namedParameters()) {
    const truth = info.final[key]
    const { abs, rel, scale } = truth.err
    const allowed = { abs: Math.max(truth.ulp_drift, abs) / 2, rel, scale: scale / 8 }
    note(`final ${key}`, judge(await p.data(), { ...truth, err: allowed }, at, strict))
  }
}

function noise(at: Goldens['at'], key: string): Tensor {
  const { data, shape } = at(key)
  return tensor(data as Float32Array, { shape })
}

function compareNumber(got: number, want: number, allowed: number): Found {
  const ratio = Math.abs(got - want) / allowed
  return {
    ratio: Number.isNaN(ratio) ? Infinity : ratio,
    worst: `${got} instead of ${want}, may be off by ${allowed.toExponential(1)}`,
  }
}

/** Compares, prints the worst, and fails where one is beyond its bound. */
export async function agrees(bytes: Uint8Array, name: string, images?: Uint8Array): Promise<void> {
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
