/** `kernelgrad interpolate`: from one image to another, through their codes. */
import { Command } from 'commander'
import { split, take } from '../../data/dataset.js'
import { check } from '../../kernels/check.js'
import { batchwise, pixelsFor, toUnit } from '../batchwise.js'
import { animation } from '../draw/animation.js'
import { Canvas } from '../draw/canvas.js'
import { drawImage, labelledRows } from '../draw/rows.js'
import type { Wanted } from '../loaded.js'
import { codeSizeOf, fileNameOf, type Network } from '../network.js'
import { whole } from '../options.js'
import { run } from '../run.js'
import { type DataOptions, open, withImages, withNetwork } from './common.js'
import { deliver, type OutputOptions, prepare, withOutput } from './output.js'

interface Options extends Wanted, DataOptions, OutputOptions {
  from: number
  to: number
  steps: number
}

export const interpolate = withOutput(withImages(withNetwork(new Command('interpolate'))))
  .description('Goes from one test image to another in equal steps between their codes.')
  .option('--from <i>', 'the position of a test image, from 0', whole(0), 3)
  .option('--to <i>', 'the position of another', whole(0), 8)
  .option('--steps <n>', 'images of the strip, both ends included', whole(2, 32), 11)
  .addHelpText(
    'after',
    `
The strip has the test images at both ends, and between them what is decoded; below it the same
steps between the pixels, which shows what the codes are good for. The animation goes there and
back again.

Examples:
  kernelgrad interpolate --model conv --from 3 --to 8
  kernelgrad interpolate --run runs/vae-mnist-1 --data mnist --from 0 --to 2 --steps 9`,
  )
  .action((options: Options) => run(() => work(options)))

async function work(options: Options): Promise<void> {
  await prepare(options)
  const { network, origin, from, testSet } = await open(options)
  const { name, title } = network
  const latent = codeSizeOf(network)
  const positions = { from: options.from, to: options.to }
  for (const [option, i] of Object.entries(positions))
    check(
      i < testSet.count,
      () => `--${option} ${i}: there are ${testSet.count} test images, from 0`,
    )
  const [a, b] = [options.from, options.to].map(i =>
    pixelsFor(network, take(split(testSet, i)[1], 1)),
  )
  const codes = await batchwise(joined(a, b), network.shape, x => network.encode(x))
  const ends = [codes.subarray(0, latent), codes.subarray(latent)] as const
  const { steps } = options
  const strip = await decoded(network, between(...ends, steps))
  const [first, last] = [toUnit(a, network), toUnit(b, network)]
  const file = fileNameOf(network)
  const frames = await decoded(network, between(...ends, 25))
  await deliver(options, {
    lines: [
      `${title}, ${from}`,
      `from test image ${options.from} (label ${testSet.labels[options.from]}) to ` +
        `${options.to} (label ${testSet.labels[options.to]}) in ${steps} images`,
    ],
    values: { model: name, weights: origin, ...positions, steps, codes: ends.map(z => [...z]) },
    files: {
      [`${file}-interpolation.png`]: labelledRows([
        { label: ['codes'], images: joined(first, strip, last) },
        { label: ['pixels'], images: joined(first, between(first, last, steps), last) },
      ]),
      [`${file}-interpolation.gif`]: animation(thereAndBack(frames), 70),
    },
  })
}

/** `steps` rows from a to b:  a + t (b − a). */
function between(a: Float32Array, b: Float32Array, steps: number): Float32Array {
  const rows = new Float32Array(steps * a.length)
  for (let i = 0; i < rows.length; i++) {
    const t = Math.floor(i / a.length) / (steps - 1)
    rows[i] = a[i % a.length] + t * (b[i % a.length] - a[i % a.length])
  }
  return rows
}

async function decoded(network: Network, codes: Float32Array): Promise<Float32Array> {
  return toUnit(await batchwise(codes, [network.latent!], z => network.decode(z)), network)
}

function thereAndBack(images: Float32Array): Canvas[] {
  const [margin, scale, count] = [8, 8, images.length / 784]
  const there = Array.from({ length: count }, (_, i) => {
    const canvas = new Canvas(28 * scale + 2 * margin, 28 * scale + 2 * margin)
    const image = images.subarray(784 * i, 784 * (i + 1))
    drawImage(canvas, image, [margin, margin], { width: 28, scale })
    return canvas
  })
  const wait = (canvas: Canvas) => Array<Canvas>(6).fill(canvas)
  const back = there.slice(1, -1).reverse()
  return [...wait(there[0]), ...there, ...wait(there[count - 1]), ...back]
}

function joined(...parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
