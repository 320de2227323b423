/** `kernelgrad denoise`: noise on test images, and how much of it a network and filters remove. */
import { Command, Option } from 'commander'
import { columns } from '../../nn/columns.js'
import { adapterInfo, manualSeed } from '../../node.js'
import { batchwise, pixelsFor, restore, toUnit } from '../batchwise.js'
import { type LabelledRow, labelledRows } from '../draw/rows.js'
import { type Filtered, filtered } from '../filtered.js'
import type { Wanted } from '../loaded.js'
import { fileNameOf } from '../network.js'
import { addNoise, type NoiseKind, noises, usualNoise } from '../noise.js'
import { positive } from '../options.js'
import { inWords, type Quality, qualityOf } from '../quality.js'
import { run } from '../run.js'
import { type DataOptions, open, withImages, withNetwork } from './common.js'
import { deliver, type OutputOptions, prepare, withOutput } from './output.js'

const shown = 12

interface Options extends Wanted, DataOptions, OutputOptions {
  noise: NoiseKind
  sigma?: number
  amount?: number
}

export const denoise = withOutput(withImages(withNetwork(new Command('denoise'))))
  .description('Puts noise on test images, and measures how much a network and filters remove.')
  .addOption(
    new Option('--noise <kind>', 'what to spoil the images with')
      .choices(Object.keys(noises))
      .default('gaussian'),
  )
  .option('--sigma <σ>', 'standard deviation of the Gaussian noise, where white is 1', positive)
  .option('--amount <part>', 'of salt and pepper, or of the side that the mask covers', positive)
  .addHelpText(
    'after',
    `
Kinds of noise, with their usual amounts:
${Object.entries(noises)
  .map(([kind, { amount, usual }]) => `  ${kind.padEnd(12)} ${usual}  ${amount}`)
  .join('\n')}

A median filter and a Gaussian filter work on the same images. Of each the width is chosen that
has the highest PSNR on the first thousand of these very images, which favours the filters.
PSNR is 10 log10(1 / MSE) of each image with pixels from 0 to 1; noise is cut to that for it.

Train a network for it with the same noise: a network that never saw noise does not remove it.
  kernelgrad train --model denoiser --noise gaussian:0.3

Examples:
  kernelgrad denoise                                  with pretrained weights of the denoiser
  kernelgrad denoise --run runs/denoiser-mnist-1 --data mnist --sigma 0.5
  kernelgrad denoise --weights out/denoiser.safetensors --noise salt-pepper --amount 0.1 --json`,
  )
  .action((options: Options) => run(() => work(options)))

async function work(options: Options): Promise<void> {
  const noise = noiseOf(options)
  await prepare(options)
  const isNamed = options.run !== undefined || options.weights !== undefined
  const model = options.model ?? (isNamed ? undefined : 'denoiser')
  const { network, origin, from, testSet } = await open({ ...options, model })
  const { shape, range, name, title } = network
  const x = pixelsFor(network, testSet)
  manualSeed(options.seed)
  const noisy = await batchwise(x, shape, x => addNoise(x, noise, range))
  const cleaned = toUnit(await batchwise(noisy, shape, x => restore(network, x)), network)
  const [original, given] = [toUnit(x, network), toUnit(noisy, network)]
  const { median, gaussian } = filtered(given, original, testSet)
  const qualities = {
    noisy: qualityOf(given, original),
    median: median.quality,
    gaussian: gaussian.quality,
    cleaned: qualityOf(cleaned, original),
  }
  const better = median.quality.psnr.mean > gaussian.quality.psnr.mean ? median : gaussian
  const rows: [string, Float32Array, Quality?][] = [
    ['noisy', given, qualities.noisy],
    [better.short, better.images, better.quality],
    ['cleaned', cleaned, qualities.cleaned],
    ['original', original],
  ]
  const count = Math.min(shown, testSet.count) * 784
  const picture = rows.map(
    ([name, images, quality]): LabelledRow => ({
      label: quality ? [name, `${quality.psnr.mean.toFixed(2)} dB`] : [name],
      images: images.subarray(0, count),
    }),
  )
  await deliver(options, {
    lines: [
      `${title}, ${from}`,
      `${testSet.count} test images with noise (${noise.kind} ${noise.amount}) on ` +
        adapterInfo().description,
      ...table(qualities, { median, gaussian }),
    ],
    values: {
      model: name,
      weights: origin,
      images: testSet.count,
      noise,
      ...qualities,
      widths: { median: median.width, gaussian: gaussian.width },
    },
    files: { [`${fileNameOf(network)}-denoised.png`]: labelledRows(picture) },
  })
}

function noiseOf({ noise, sigma, amount }: Options) {
  if (noise === 'gaussian' && amount !== undefined)
    throw new Error('--amount: Gaussian noise has --sigma')
  if (noise !== 'gaussian' && sigma !== undefined)
    throw new Error(`--sigma: noise of the kind ${noise} has --amount`)
  return usualNoise(noise, sigma ?? amount)
}

function table(
  { noisy, median, gaussian, cleaned }: Record<string, Quality>,
  filters: Record<'median' | 'gaussian', Filtered>,
): string[] {
  const row = (name: string, { mse, psnr }: Quality) => [name, inWords(mse, 5), inWords(psnr, 2)]
  return columns(
    [
      ['', 'MSE', 'PSNR in dB'],
      row('noisy', noisy),
      row(filters.median.name, median),
      row(filters.gaussian.name, gaussian),
      row('cleaned by the network', cleaned),
    ],
    { right: [1, 2] },
  )
}
