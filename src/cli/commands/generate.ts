/** `kernelgrad generate`: new images from noise. */
import { Command } from 'commander'
import { check } from '../../kernels/check.js'
import { adapterInfo, init, manualSeed, noGrad, scope } from '../../node.js'
import { batchwise, toUnit } from '../batchwise.js'
import { planePicture } from '../draw/planepicture.js'
import { labelledRows } from '../draw/rows.js'
import { openNetwork, type Wanted } from '../loaded.js'
import { fileNameOf, type Network } from '../network.js'
import { normalQuantiles } from '../normal.js'
import { whole } from '../options.js'
import { run } from '../run.js'
import { withNetwork } from './common.js'
import { deliver, type OutputOptions, prepare, withOutput } from './output.js'

interface Options extends Wanted, OutputOptions {
  samples: number
  seed: number
}

const perRow = 16

export const generate = withOutput(withNetwork(new Command('generate')))
  .description('Draws new images, which a variational autoencoder makes of noise.')
  .option('--samples <n>', 'how many', whole(1, 2000), 96)
  .option('--seed <n>', 'of the noise', whole(0), 0)
  .addHelpText(
    'after',
    `
It takes no images: codes are drawn from the normal distribution, and decoded. The models vae and
textbook generate, since they were trained so that codes are normally distributed, and modules of
your own whose forward returns [x̂, kld]; without --model it is textbook. Of codes of two numbers
the whole plane is drawn too, at quantiles of the normal distribution.

Examples:
  kernelgrad generate                                 with pretrained weights of textbook
  kernelgrad generate --model vae --samples 200
  kernelgrad generate --run runs/textbook-mnist-1 --seed 7
  kernelgrad generate --weights out/textbook.safetensors --json`,
  )
  .action((options: Options) => run(() => work(options)))

async function work(options: Options): Promise<void> {
  await prepare(options)
  await init()
  const isNamed = options.run !== undefined || options.weights !== undefined
  const model = options.model ?? (isNamed ? undefined : 'textbook')
  const { network, origin, from } = await openNetwork({ ...options, model })
  const { name, title, latent } = network
  const file = fileNameOf(network)
  const made = await samples(network, options)
  const ticks = normalQuantiles(20)
  const files = {
    [`${file}-samples.png`]: labelledRows(inRows(made)),
    ...(latent === 2 && {
      [`${file}-plane.png`]: planePicture(await decodedPlane(network, ticks), ticks),
    }),
  }
  const { samples: count, seed } = options
  await deliver(options, {
    lines: [
      `${title}, ${from}`,
      `${count} images from the seed ${seed} on ${adapterInfo().description}`,
    ],
    values: { model: name, weights: origin, samples: count, seed },
    files,
  })
}

async function samples(network: Network, { samples, seed }: Options): Promise<Float32Array> {
  check(
    network.generate,
    () =>
      `--model ${network.name}: it does not generate, for nothing is known of how its codes are ` +
      'distributed; the models vae and textbook do: train one, or see `kernelgrad interpolate`',
  )
  const { generate } = network
  manualSeed(seed)
  const images = scope(() => noGrad(() => generate(samples)))
  return toUnit((await images.data()) as Float32Array, network)
}

/** Rows without names; the last is filled up with empty images. */
function inRows(images: Float32Array) {
  const columns = Math.min(perRow, images.length / 784)
  return Array.from({ length: Math.ceil(images.length / 784 / columns) }, (_, r) => {
    const row = new Float32Array(columns * 784)
    row.set(images.subarray(r * row.length, (r + 1) * row.length))
    return { label: [], images: row }
  })
}

async function decodedPlane(network: Network, ticks: number[]): Promise<Float32Array> {
  const points = ticks.toReversed().flatMap(y => ticks.flatMap(x => [x, y]))
  const codes = Float32Array.from(points)
  return toUnit(await batchwise(codes, [2], z => network.decode(z)), network)
}
