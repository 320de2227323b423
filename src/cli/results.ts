/** One autoencoder trained, and the files that show what it learned. */
import { join } from 'node:path'
import type { ImageSet } from '../data/dataset.js'
import { pixels } from '../data/dataset.js'
import { toHost } from '../io/state.js'
import { saveSafetensors, writeFileAtomic } from '../node/files.js'
import { manualSeed, noGrad, scope, tensor } from '../node.js'
import { choices, type NetworkName } from './networks.js'
import { grid, reconstructions } from './pictures.js'
import { lossCurve } from './plot.js'
import { progress } from './progress.js'
import { train } from './train.js'

export interface Settings {
  /** The folder for the files. */
  out: string
  epochs?: number
  batch?: number
  lr: number
  eager: boolean
  beta: number
  seed: number
}

export interface Sets {
  trainSet: ImageSet
  testSet: ImageSet
}

const shown = 10 // images in a row of a picture

/** Trains one network and writes its pictures, its loss curve and its weights. */
export async function trainAndDraw(
  name: NetworkName,
  { out, lr, eager, beta, seed, ...settings }: Settings,
  { trainSet, testSet }: Sets,
  stopped: () => boolean,
): Promise<void> {
  const { title, make } = choices[name]
  const { batch = choices[name].batch, epochs = choices[name].epochs } = settings
  console.log(`\n${title}`)
  manualSeed(seed)
  const network = make({ beta })
  const [black, white] = network.range
  const scale = { mean: -black / (white - black), std: 1 / (white - black) }
  const samples = { train: pixels(trainSet, scale), test: pixels(testSet, scale) }
  const bar = progress(epochs * trainSet.count)
  const losses: { step: number; loss: number }[] = []
  const errors: { step: number; loss: number }[] = []
  const finished = await train(network, samples, {
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
    onEpoch({ epoch, step, testError }) {
      bar.note(`epoch ${epoch}: test error ${testError.toFixed(4)}`)
      errors.push({ step, loss: testError })
    },
  }).finally(() => bar.stop())
  if (!finished)
    throw new Error(
      `stopped by Ctrl-C: nothing was written for ${name}; ` +
        'run it again, with fewer --epochs to be done sooner',
    )

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
  for (const [file, content] of Object.entries(files))
    await writeFileAtomic(join(out, file), content)
  const weights = `${name}.safetensors`
  const state = await toHost(network.model.stateDict())
  await saveSafetensors(join(out, weights), state, { model: name, seed: String(seed) })
  console.log(`written to ${out}/: ${[...Object.keys(files), weights].join(', ')}`)
}
