/** `kernelgrad train`: a training that can be stopped, resumed, compared and believed. */

import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { reason } from '../../node/files.js'
import { choices } from '../networks.js'
import { positive, whole } from '../options.js'
import { run } from '../run.js'
import { type Config, parseConfig } from '../training/config.js'
import { withDefaults } from '../training/defaults.js'
import { schedules } from '../training/schedule.js'
import { type Request, startTraining } from '../training/start.js'

export const train = new Command('train')
  .description('Trains a network and keeps everything of it in a run folder.')
  .addHelpText(
    'after',
    `
The run folder has config.json, env.json, metrics.jsonl, metrics.csv, checkpoints/, samples/, and
index.html, a page that opens from disk and is rewritten after each epoch. Ctrl-C saves, and prints
the command that goes on. A resumed training ends with the same bytes as one that was never stopped,
on the same adapter.

Examples:
  kernelgrad train                                              the MLP on drawn digits
  kernelgrad train --model conv --data mnist --noise gaussian:0.3    a denoiser
  kernelgrad train --model textbook --latent 2 --beta 1 --schedule cosine
  kernelgrad train --config my.json --lr 3e-4 --run runs/slow   a config file, one setting changed
  kernelgrad train --resume runs/slow                           goes on
  kernelgrad train --resume runs/slow --epochs +5               five epochs more`,
  )
  .option('--model <name>', `${Object.keys(choices).join(', ')}, or the path of a module`)
  .option(
    '--data <what>',
    'digits, mnist, fashion-mnist, a folder, IMAGES.idx,LABELS.idx or FILE.npy',
  )
  .option('--count <n>', 'training images (default: all, or 8000 digits)', whole(1, 999_000))
  .option('--epochs <n>', 'passes over them; +N: N more of a resumed run', epochs)
  .option('--batch <n>', 'images per step', whole(1))
  .option('--lr <rate>', 'learning rate', positive)
  .addOption(new Option('--schedule <kind>', 'of the learning rate').choices(schedules))
  .option('--weight-decay <lambda>', 'decoupled, as in AdamW', from0)
  .option('--clip <length>', 'the largest length of the gradient', positive)
  .option('--seed <n>', 'of weights, order, noise and drawn digits', whole(0))
  .option('--noise <kind:amount>', 'gaussian:0.3, salt-pepper:0.1 or mask:0.4: train to remove it')
  .option('--beta <weight>', "of the textbook VAE's Kullback–Leibler term", from0)
  .option('--latent <n>', "numbers in the textbook VAE's code", whole(1, 784))
  .option('--width <n>', "factor of the convolutional network's channels", whole(1, 64))
  .option('--init <file>', 'begin with these weights: .safetensors, .pt, .pth or .npz')
  .option('--freeze <patterns>', "parameters that stay as they are, such as 'encoder.*'")
  .option('--patience <n>', 'end after so many epochs without a lower test error', whole(1))
  .option('--eager', 'compute every step anew, instead of recording one and replaying it')
  .option('--config <file>', 'settings as JSON; flags have precedence')
  .option('--run <folder>', 'the run folder (default: the next free one in runs/)')
  .option('--runs <folder>', 'where new runs go', 'runs')
  .option('--resume <folder>', 'go on with this run')
  .option('--quiet', 'print nothing but errors')
  .option('--json', 'print the result as one JSON object')
  .action((flags: Flags) => run(async stopped => startTraining(await request(flags), stopped)))

interface Flags extends Partial<Omit<Config, 'epochs'>> {
  epochs?: { n: number; isMore: boolean }
  config?: string
  run?: string
  runs: string
  resume?: string
  quiet?: boolean
  json?: boolean
}

async function request(flags: Flags): Promise<Request> {
  const { config, run: folder, runs, resume, quiet = false, json = false, ...rest } = flags
  const { epochs: wanted, ...settings } = rest
  const talk = { quiet: quiet || json, json }
  if (resume !== undefined) {
    const others = [...Object.keys(settings), ...(config ? ['config'] : [])]
    if (folder !== undefined) others.push('run')
    if (others.length > 0)
      throw new Error(
        `--resume goes on with the settings of ${resume}; of others only --epochs may be given, ` +
          `not --${others.map(dashed).join(', --')}`,
      )
    return { ...talk, resume, epochs: wanted ?? null }
  }
  if (wanted?.isMore) throw new Error(`--epochs +${wanted.n}: only a run of --resume has more`)
  const fromFile = config === undefined ? {} : parseConfig(await textOf(config), config)
  const given = { ...fromFile, ...settings, ...(wanted && { epochs: wanted.n }) }
  return { ...talk, config: withDefaults(given), folder, runs }
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(error => {
    throw new Error(`${path}: ${reason(error)}`)
  })
}

function epochs(text: string): { n: number; isMore: boolean } {
  return { n: whole(1)(text.replace(/^\+/, '')), isMore: text.startsWith('+') }
}

function from0(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0 || text.trim() === '')
    throw new InvalidArgumentError('It must be a number from 0 up.')
  return value
}

const dashed = (name: string) => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
