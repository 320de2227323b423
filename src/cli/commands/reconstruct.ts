/** `kernelgrad reconstruct`: test images beside what a network makes of them. */
import { Command } from 'commander'
import { adapterInfo, manualSeed } from '../../node.js'
import { batchwise, pixelsFor, restore, toUnit } from '../batchwise.js'
import { type LabelledRow, labelledRows } from '../draw/rows.js'
import type { Wanted } from '../loaded.js'
import { fileNameOf } from '../network.js'
import { inWords, qualityOf } from '../quality.js'
import { run } from '../run.js'
import { type DataOptions, open, withImages, withNetwork } from './common.js'
import { deliver, type OutputOptions, prepare, withOutput } from './output.js'

const [columns, pairs] = [12, 3]

export const reconstruct = withOutput(withImages(withNetwork(new Command('reconstruct'))))
  .description('Draws test images and their reconstructions, and measures the difference.')
  .addHelpText(
    'after',
    `
PSNR is 10 log10(1 / MSE) of each image with pixels from 0 to 1; of variational autoencoders the
mean of the code is decoded.

Examples:
  kernelgrad reconstruct --model conv
  kernelgrad reconstruct --run runs/vae-mnist-1 --data mnist --out pictures
  kernelgrad reconstruct --weights out/mlp.safetensors --json`,
  )
  .action((options: Wanted & DataOptions & OutputOptions) => run(() => work(options)))

async function work(options: Wanted & DataOptions & OutputOptions): Promise<void> {
  await prepare(options)
  const { network, origin, from, testSet } = await open(options)
  manualSeed(options.seed)
  const x = pixelsFor(network, testSet)
  const copies = toUnit(await batchwise(x, network.shape, x => restore(network, x)), network)
  const originals = toUnit(x, network)
  const quality = qualityOf(copies, originals)
  const count = Math.min(columns, testSet.count)
  const rows = Array.from({ length: pairs }, (_, r): LabelledRow[] => {
    const part = (all: Float32Array) => all.subarray(r * count * 784, (r + 1) * count * 784)
    return [
      { label: ['original'], images: part(originals), isApart: true },
      { label: ['copy'], images: part(copies) },
    ]
  }).flat()
  const whole = rows.filter(({ images }) => images.length === count * 784)
  await deliver(options, {
    lines: [
      `${network.title}, ${from}`,
      `${testSet.count} test images on ${adapterInfo().description}`,
      `MSE   ${inWords(quality.mse, 5)}, pixels from 0 to 1`,
      `PSNR  ${inWords(quality.psnr, 2)} dB`,
    ],
    values: { model: network.name, weights: origin, images: testSet.count, ...quality },
    files: { [`${fileNameOf(network)}-reconstructions.png`]: labelledRows(whole) },
  })
}
