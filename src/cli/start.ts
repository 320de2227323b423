/** `npm start`: trains the autoencoder, shows how it goes, and leaves pictures of what it learned. */
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { ImageSet } from '../data/dataset.js'
import { pixels, split } from '../data/dataset.js'
import { drawDigits } from '../data/digits.js'
import { toHost } from '../io/state.js'
import { downloadMnist } from '../node/download.js'
import { ensureFolder, saveSafetensors, writeFileAtomic } from '../node/files.js'
import { loadMnist } from '../node/mnist.js'
import { adapterInfo, init, manualSeed, models, noGrad, scope, tensor } from '../node.js'
import { reconstructions } from './pictures.js'
import { lossCurve } from './plot.js'
import { progress } from './progress.js'
import { run } from './run.js'
import { train } from './train.js'

interface Choices {
  data?: string
  out: string
  epochs?: number
  batch: number
  lr: number
  seed: number
  count?: number
}

const shown = 10 // images in the picture of reconstructions, a row

const command = new Command('npm start --')
  .description(
    'Trains an autoencoder (784 pixels → 3 numbers → 784 pixels) and draws what it learned.',
  )
  .option(
    '--data <folder>',
    'MNIST in IDX files, or the word mnist to fetch it; without it, digits drawn by the project',
  )
  .option('--out <folder>', 'where pictures and weights go', 'out')
  .option('--epochs <n>', 'passes over the training images (default: 20, with --data 5)', whole(1))
  .option('--batch <n>', 'images a step', whole(1), 128)
  .option('--lr <rate>', 'learning rate', rate, 1e-3)
  .option('--seed <n>', 'of the weights, the order and the digits', whole(0), 0)
  .option(
    '--count <n>',
    'training images (default: 8000 drawn ones, or all that --data has)',
    whole(1),
  )
  .action((choices: Choices) => run(stopped => start(choices, stopped)))

command.parse()

async function start(choices: Choices, stopped: () => boolean): Promise<void> {
  const { out, batch, lr, seed, epochs = choices.data === undefined ? 20 : 5 } = choices
  await ensureFolder(out)
  const { trainSet, testSet } = await images(choices)
  await init()
  console.log(
    `${trainSet.count} images to train on, ${testSet.count} to test with, on ${adapterInfo().description}`,
  )

  manualSeed(seed)
  const model = new models.MLPAutoencoder()
  const data = { train: pixels(trainSet), test: pixels(testSet) }
  const bar = progress(epochs * trainSet.count)
  const losses: { step: number; loss: number }[] = []
  const testLosses: { step: number; loss: number }[] = []
  const finished = await train(model, data, {
    epochs,
    batch,
    adam: { lr },
    seed,
    stopped,
    onStep({ step, images, loss }) {
      bar.advance(images, loss)
      if (loss !== undefined) losses.push({ step, loss })
    },
    onEpoch({ epoch, step, testLoss }) {
      bar.note(`epoch ${epoch}: test error ${testLoss.toFixed(4)}`)
      testLosses.push({ step, loss: testLoss })
    },
  }).finally(() => bar.stop())
  if (!finished)
    throw new Error(
      'stopped by Ctrl-C: nothing was written; run it again, with fewer --epochs to be done sooner',
    )

  const originals = data.test.subarray(0, 3 * shown * 784)
  const copies = scope(() =>
    noGrad(() => model.forward(tensor(originals, { shape: [originals.length / 784, 784] }))),
  )
  const title = `MLP autoencoder: 784 → 3 → 784, batch ${batch}`
  const files = {
    'reconstructions.png': reconstructions(originals, await copies.data(), { columns: shown }),
    'loss.svg': lossCurve(losses, { title, test: testLosses }),
  }
  for (const [name, content] of Object.entries(files))
    await writeFileAtomic(join(out, name), content)
  await saveSafetensors(join(out, 'mlp.safetensors'), await toHost(model.stateDict()), {
    model: 'mlp',
    seed: String(seed),
  })
  console.log(`written to ${out}/: ${[...Object.keys(files), 'mlp.safetensors'].join(', ')}`)
}

async function images({
  data,
  count,
  seed,
}: Choices): Promise<{ trainSet: ImageSet; testSet: ImageSet }> {
  if (data === undefined) {
    const train = count ?? 8000
    const [trainSet, testSet] = split(drawDigits({ count: train + 1000, seed }), train)
    return { trainSet, testSet }
  }
  const onFile = (name: string) => console.log(`fetching ${name}`)
  const folder = data === 'mnist' ? await downloadMnist({ onFile }) : data
  const [all, testSet] = [await loadMnist(folder, 'train'), await loadMnist(folder, 'test')]
  return {
    trainSet: count === undefined ? all : split(all, Math.min(count, all.count))[0],
    testSet,
  }
}

function whole(least: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number from ${least} up.`)
    return value
  }
}

function rate(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('It must be a number above 0.')
  return value
}
