/** `kernelgrad evaluate`: what a network is worth on the test images, in numbers. */
import { Command } from 'commander'
import { columns } from '../../nn/columns.js'
import { adapterInfo, manualSeed, noGrad, scope, tensor } from '../../node.js'
import { batchwise, pixelsFor, toUnit } from '../batchwise.js'
import { codesOf, hasClasses, tellsClass } from '../codes.js'
import type { Wanted } from '../loaded.js'
import type { Network } from '../network.js'
import { whole } from '../options.js'
import { inWords, qualityOf } from '../quality.js'
import { run } from '../run.js'
import { type DataOptions, open, withImages, withNetwork } from './common.js'
import { deliver, withJson } from './output.js'

interface Options extends Wanted, DataOptions {
  neighbours: number
  json?: boolean
}

export const evaluate = withJson(withImages(withNetwork(new Command('evaluate'))))
  .description('Measures a network on the test images: errors, loss, and what its codes tell.')
  .option('--neighbours <k>', 'how many near codes tell the class of an image', whole(1, 100), 10)
  .addHelpText(
    'after',
    `
Variational autoencoders draw their codes at random, from --seed. The images have no noise; what a
denoiser makes of images with noise is told by \`denoise\`.

Examples:
  kernelgrad evaluate --run runs/conv-mnist-1 --data mnist
  kernelgrad evaluate --weights out/mlp.safetensors --json`,
  )
  .action((options: Options) => run(() => work(options)))

async function work(options: Options): Promise<void> {
  const { network, origin, from, trainSet, testSet } = await open(options)
  const { name, title, shape, latent } = network
  const x = pixelsFor(network, testSet)
  manualSeed(options.seed)
  const copies = await batchwise(x, shape, x => network.reconstruct(x))
  const quality = qualityOf(toUnit(copies, network), toUnit(x, network))
  manualSeed(options.seed)
  const loss = await meanLoss(network, x)
  const k = Math.min(options.neighbours, trainSet.count)
  const isClassed = latent !== null && hasClasses(trainSet) && hasClasses(testSet)
  const told = isClassed ? tellsClass(await codesOf(network, { trainSet, testSet }), k) : null
  const rows = [
    ['test images', `${testSet.count}`],
    ['loss', loss.toFixed(5)],
    ['MSE', `${inWords(quality.mse, 5)}, pixels from 0 to 1`],
    ['PSNR', `${inWords(quality.psnr, 2)} dB`],
  ]
  if (told !== null)
    rows.push(['class by codes', `${(100 * told).toFixed(2)} % right, by the ${k} nearest`])
  await deliver(
    { ...options, out: '' },
    {
      lines: [`${title}, ${from}, on ${adapterInfo().description}`, ...columns(rows)],
      values: {
        model: name,
        weights: origin,
        images: testSet.count,
        loss,
        ...quality,
        ...(told !== null && { neighbours: { k, accuracy: told } }),
      },
    },
  )
}

/** The mean over images of the loss that training minimises. */
async function meanLoss({ loss, shape }: Network, x: Float32Array): Promise<number> {
  const [size, batch] = [784, 500]
  let sum = 0
  for (let at = 0; at < x.length; at += batch * size) {
    const rows = x.subarray(at, at + batch * size)
    const n = rows.length / size
    const t = scope(() => noGrad(() => loss(tensor(rows, { shape: [n, ...shape] }))))
    sum += n * (await t.item())
    t.dispose()
  }
  return (sum * size) / x.length
}
