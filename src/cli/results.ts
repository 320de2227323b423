/** One autoencoder trained, and the files that show what it learned. */
import { join } from 'node:path'
import { writeFileAtomic } from '../node/files.js'
import { manualSeed, nn, noGrad, scope, tensor } from '../node.js'
import { pixelsFor } from './batchwise.js'
import type { Sets } from './images.js'
import { choices, type NetworkName } from './networks.js'
import { grid, reconstructions } from './pictures.js'
import { lossCurve } from './plot.js'
import { progress } from './progress.js'
import type { Stopped } from './run.js'
import { train } from './train.js'
import { type Snapshot, saveWeights, snapshotOf } from './weights.js'

export interface Settings {
  /** The folder for the files. */
  out: string
  epochs?: number
  batch?: number
  lr: number
  eager: boolean
  beta: number
  seed: number
  /** Whether to look for the operation that first makes a number that is not finite. */
  detectAnomaly?: boolean
}

const shown = 10 // images in a row of a picture

/**
 * Trains one network and writes its weights, then its pictures and its loss curve.
 * @throws Error when the training ends early; the weights of its finished epochs are written then
 */
export async function trainAndDraw(
  name: NetworkName,
  { out, lr, eager, beta, seed, detectAnomaly, ...settings }: Settings,
  { trainSet, testSet }: Sets,
  stopped: Stopped,
): Promise<void> {
  const { make } = choices[name]
  const { batch = choices[name].batch, epochs = choices[name].epochs } = settings
  manualSeed(seed)
  const network = make({ beta })
  const { title } = network
  console.log(`\n${title}`)
  const samples = { train: pixelsFor(network, trainSet), test: pixelsFor(network, testSet) }
  const bar = progress(epochs * trainSet.count)
  const losses: { step: number; loss: number }[] = []
  const errors: { step: number; loss: number }[] = []
  const snapshots: Snapshot[] = [] // the newest alone
  const file = `${name}.safetensors`
  const save = (weights: Snapshot) =>
    saveWeights(out, file, weights, { model: name, seed: String(seed) })
  nn.detectAnomaly(detectAnomaly === true, { model: network.model })
  const early = await train(network, samples, {
    epochs,
    batch,
    adam: { lr },
    seed,
    eager,
    stopped,
    onStep({ step, images, loss }) {
      bar.advance(images, loss)
      if (loss !== undefined) losses.push({ step, loss })
    },
    async onEpoch({ epoch, step, testError }) {
      snapshots[0] = await snapshotOf(network.model, epoch)
      bar.note(`epoch ${epoch}: test error ${testError.toFixed(4)}`)
      errors.push({ step, loss: testError })
    },
  })
    .then(finished => (finished ? null : new Error(`stopped by ${stopped()}`)))
    .catch((error: Error) => error)
    .finally(() => {
      bar.stop()
      nn.detectAnomaly(false)
    })
  const weights = snapshots.at(0)
  if (!weights) {
    const message = `${early?.message}: no epoch of ${name} was finished, so nothing was written`
    throw new Error(message, { cause: early })
  }
  if (early) {
    const place = join(await save(weights), file)
    const message = `${early.message}: ${place} has the weights after epoch ${weights.epochs}`
    throw new Error(message, { cause: early })
  }
  const folder = await save(weights)

  const originals = samples.test.subarray(0, 3 * shown * 784)
  const { copies, drawn } = scope(() =>
    noGrad(() => {
      const x = tensor(originals, { shape: [originals.length / 784, ...network.shape] })
      return { copies: network.reconstruct(x), drawn: network.generate?.(6 * shown) ?? null }
    }),
  )
  const look = { columns: shown, range: network.range }
  const files: Record<string, Uint8Array | string> = {
    [`${name}-reconstructions.png`]: reconstructions(originals, await copies.data(), look),
    [`${name}-loss.svg`]: lossCurve(losses, { title: `${title}, batch ${batch}`, test: errors }),
  }
  if (drawn) files[`${name}-samples.png`] = grid(await drawn.data(), look)
  for (const [picture, content] of Object.entries(files))
    await writeFileAtomic(join(folder, picture), content).catch(error => {
      throw new Error(`${error.message}; the weights are in ${join(folder, file)}`)
    })
  console.log(`written to ${folder}/: ${[file, ...Object.keys(files)].join(', ')}`)
}
