/** `npm start`: trains the autoencoders, shows how it goes, and leaves pictures of what they learned. */
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { ImageSet } from '../data/dataset.js'
import { pixels, split } from '../data/dataset.js'
import { drawDigits } from '../data/digits.js'
import { toHost } from '../io/state.js'
import { downloadMnist } from '../node/download.js'
import { ensureFolder, saveSafetensors, writeFileAtomic } from '../node/files.js'
import { loadMnist } from '../node/mnist.js'
import { adapterInfo, init, manualSeed, noGrad, scope, tensor } from '../node.js'
import { type NetworkName, choices as networks } from './networks.js'
import { grid, reconstructions } from './pictures.js'
import { lossCurve } from './plot.js'
import { progress } from './progress.js'
import { run } from './run.js'
import { train } from './train.js'

interface Choices {
  model: NetworkName[]
  data?: string
  out: string
  epochs?: number
  batch?: number
  lr: number
  eager: boolean
  beta: number
  seed: number
  count?: number
}

interface Sets {
  trainSet: ImageSet
  testSet: ImageSet
}

const shown = 10 // images in a row of a picture

const command = new Command('npm start --')
  .description(
    'Trains three autoencoders (multi-layer perceptron, convolutional, variational) and draws what they learned.',
  )
  .addOption(
    new Option(
      '--model <names>',
      `which of ${Object.keys(networks).join(', ')}, with commas between`,
    )
      .argParser(names)
      .default(['mlp', 'conv', 'vae'], 'mlp,conv,vae'),
  )
  .option(
    '--data <folder>',
    'MNIST in IDX files, or the word mnist to fetch it; without it, digits drawn by the project',
  )
  .option('--out <folder>', 'where pictures and weights go', 'out')
  .option(
    '--epochs <n>',
    `passes over the training images (default: ${defaults('epochs')}; with --data 5)`,
    whole(1),
  )
  .option('--batch <n>', `images a step (default: ${defaults('batch')})`, whole(1))
  .option('--lr <rate>', 'learning rate', positive, 1e-3)
  .option('--beta <weight>', "of the textbook VAE's Kullback–Leibler term", positive, 1)
  .option(
    '--eager',
    'run every step as it stands, instead of recording it once and replaying it',
    false,
  )
  .option('--seed <n>', 'of the weights, the order and the digits', whole(0), 0)
  .option(
    '--count <n>',
    'training images (default: 8000 drawn ones, or all that --data has)',
    whole(1),
  )
  .action((choices: Choices) => run(stopped => start(choices, stopped)))

command.parse()

async function start(choices: Choices, stopped: () => boolean): Promise<void> {
  await ensureFolder(choices.out)
  const sets = await images(choices)
  await init()
  console.log(
    `${sets.trainSet.count} images to train on, ${sets.testSet.count} to test with, on ${adapterInfo().description}`,
  )
  for (const name of choices.model) await trainAndDraw(name, choices, sets, stopped)
}

/** Trains one network and writes its pictures, its loss curve and its weights. */
async function trainAndDraw(
  name: NetworkName,
  { data, out, lr, eager, beta, seed, ...chosen }: Choices,
  { trainSet, testSet }: Sets,
  stopped: () => boolean,
): Promise<void> {
  const { title, make, ...usual } = networks[name]
  const { batch = usual.batch, epochs = data === undefined ? usual.epochs : 5 } = chosen
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
      `stopped by Ctrl-C: nothing was written for ${name}; run it again, with fewer --epochs to be done sooner`,
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

async function images({ data, count, seed }: Choices): Promise<Sets> {
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

function names(text: string): NetworkName[] {
  const list = text.split(',').map(name => name.trim())
  const known = Object.keys(networks)
  const unknown = list.filter(name => !known.includes(name))
  if (unknown.length > 0)
    throw new InvalidArgumentError(`Not ${unknown.join(', ')}; there are ${known.join(', ')}.`)
  return list as NetworkName[]
}

/** `mlp 14, conv 5, …`, for the help text. */
function defaults(what: 'epochs' | 'batch'): string {
  return Object.entries(networks)
    .map(([name, network]) => `${name} ${network[what]}`)
    .join(', ')
}

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('It must be a number above 0.')
  return value
}
