/** Options that several commands share, and what they open. */
import { type Command, Option } from 'commander'
import { init } from '../../node.js'
import { openImages, type Sets } from '../images.js'
import { type Loaded, openNetwork, type Wanted } from '../loaded.js'
import { choices } from '../networks.js'
import { whole } from '../options.js'

export interface DataOptions {
  data: string
  count?: number
  seed: number
}

/** Which trained network a command uses. */
export function withNetwork(command: Command): Command {
  return command
    .option(
      '--model <name>',
      `${Object.keys(choices).join(', ')}; without --run and --weights it is a pretrained one`,
    )
    .option('--run <folder>', 'a run of `kernelgrad train`')
    .option('--weights <file>', 'weights: .safetensors, .pt, .pth or .npz')
    .addOption(
      new Option('--checkpoint <which>', "which of the run's weights").choices(['best', 'last']),
    )
    .option('--latent <n>', 'numbers in a code, if the weights do not say it', whole(1, 784))
    .option('--width <n>', 'width of conv and denoiser, if the weights do not say it', whole(1, 64))
}

/** Which images a command works on. */
export function withImages(command: Command): Command {
  return command
    .option(
      '--data <what>',
      'digits, mnist, fashion-mnist, a folder, IMAGES.idx,LABELS.idx or FILE.npy',
      'digits',
    )
    .option('--count <n>', 'use so many training images', whole(1, 999_000))
    .option('--seed <n>', 'of all that is random', whole(0), 0)
}

/** Opens device, network and images. */
export async function open(options: Wanted & DataOptions): Promise<Loaded & Sets> {
  await init()
  const loaded = await openNetwork(options)
  return { ...loaded, ...(await openData(options)) }
}

export function openData({ data, count, seed }: DataOptions): Promise<Sets> {
  const onFile = (name: string) => console.error(`fetching ${name}`)
  return openImages(data, { count, seed, onFile })
}
