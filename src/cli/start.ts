/** `npm start`: trains the autoencoders, shows their progress, and draws what they learned. */
import { Command, InvalidArgumentError, Option } from 'commander'
import { split } from '../data/dataset.js'
import { drawDigits } from '../data/digits.js'
import { downloadMnist } from '../node/download.js'
import { ensureFolder } from '../node/files.js'
import { loadMnist } from '../node/mnist.js'
import { adapterInfo, init } from '../node.js'
import type { Sets } from './images.js'
import { type NetworkName, choices as networks } from './networks.js'
import { list, positive, whole } from './options.js'
import { type Settings, trainAndDraw } from './results.js'
import { run, type Stopped } from './run.js'

interface Choices extends Settings {
  model: NetworkName[]
  data?: string
  count?: number
}

const command = new Command('npm start --')
  .description(
    'Trains three autoencoders (multi-layer perceptron, convolutional, variational) ' +
      'and draws what they learned.',
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
  .option('--batch <n>', `images per step (default: ${defaults('batch')})`, whole(1))
  .option('--lr <rate>', 'learning rate', positive, 1e-3)
  .option('--beta <weight>', "of the textbook VAE's Kullback–Leibler term", positive, 1)
  .option('--eager', 'compute every step anew, instead of recording one and replaying it', false)
  .option(
    '--detect-anomaly',
    'end at the first number that is not finite, and name the operation that made it',
  )
  .option('--seed <n>', 'of the weights, the order and the digits', whole(0), 0)
  .option(
    '--count <n>',
    'training images (default: 8000 drawn ones, or all that --data has)',
    whole(1, 999_000),
  )
  .action((choices: Choices) => {
    if (command.getOptionValueSource('beta') === 'cli' && !choices.model.includes('textbook'))
      command.error("error: option '--beta <weight>' is for --model textbook, which is not chosen")
    return run(stopped => start(choices, stopped))
  })

command.parse()

async function start(choices: Choices, stopped: Stopped): Promise<void> {
  const { model, data, out, epochs = data === undefined ? undefined : 5 } = choices
  await ensureFolder(out)
  const sets = await images(choices)
  await init()
  console.log(
    `${sets.trainSet.count} images to train on, ${sets.testSet.count} to test with, ` +
      `on ${adapterInfo().description}`,
  )
  for (const name of model) await trainAndDraw(name, { ...choices, epochs }, sets, stopped)
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

function names(text: string): NetworkName[] {
  const [wanted, known] = [list(text), Object.keys(networks)]
  const unknown = wanted.filter(name => !known.includes(name))
  if (unknown.length > 0 || wanted.length === 0)
    throw new InvalidArgumentError(
      `Not ${unknown.join(', ') || 'nothing'}; there are ${known.join(', ')}.`,
    )
  return [...new Set(wanted)] as NetworkName[]
}

/** `mlp 14, conv 5, …`, for the help text. */
function defaults(what: 'epochs' | 'batch'): string {
  return Object.entries(networks)
    .map(([name, network]) => `${name} ${network[what]}`)
    .join(', ')
}
