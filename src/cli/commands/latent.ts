/** `kernelgrad latent`: the codes of the test images, as files and as pictures. */
import { Command } from 'commander'
import { encodeNpy } from '../../io/npy.js'
import { columns } from '../../nn/columns.js'
import { type Codes, codesOf, hasClasses, linearCodes, tellsClass } from '../codes.js'
import { codesAsCsv } from '../codescsv.js'
import { scatter } from '../draw/scatter.js'
import type { Wanted } from '../loaded.js'
import { neighbourPicture } from '../neighbourpicture.js'
import { fileNameOf, type Network } from '../network.js'
import { whole } from '../options.js'
import { type Plane, planeOf } from '../plane.js'
import { run } from '../run.js'
import { viewFiles } from '../view/files.js'
import { type DataOptions, open, withImages, withNetwork } from './common.js'
import { deliver, type OutputOptions, prepare, withOutput } from './output.js'

interface Options extends Wanted, DataOptions, OutputOptions {
  neighbours: number
  points: number
}

export const latent = withOutput(withImages(withNetwork(new Command('latent'))))
  .description('Draws the codes of test images, finds near ones, and writes them as CSV and .npy.')
  .option('--neighbours <k>', 'how many near codes tell the class of an image', whole(1, 100), 10)
  .option('--points <n>', 'points in a picture', whole(1, 20_000), 3000)
  .addHelpText(
    'after',
    `
Codes of more than two numbers are drawn by their first two principal components, and turned in
space by three. The same number of principal components of the pixels is a linear code: how many
classes the nearest codes tell is measured for both, among the first 10,000 training images.

Examples:
  kernelgrad latent --model mlp
  kernelgrad latent --run runs/textbook-mnist-1 --data mnist --out pictures
  kernelgrad latent --weights out/conv.safetensors --neighbours 15 --json`,
  )
  .action((options: Options) => run(() => work(options)))

async function work(options: Options): Promise<void> {
  await prepare(options)
  const { network, origin, from, trainSet, testSet } = await open(options)
  const codes = await codesOf(network, { trainSet, testSet })
  const { name, title } = network
  const file = fileNameOf(network)
  const plane = planeOf(codes)
  const k = Math.min(options.neighbours, codes.knownSet.count)
  const told = hasClasses(testSet) && hasClasses(codes.knownSet) ? tellBoth(codes, k) : null
  const { data, size } = codes.test
  const shape = [testSet.count, size]
  await deliver(options, {
    lines: [
      `${title}, ${from}`,
      `${testSet.count} test images, codes of ${size}`,
      ...(told ? table(told, k, size) : []),
    ],
    values: {
      model: name,
      weights: origin,
      images: testSet.count,
      latent: size,
      explained: plane.explained,
      ...(told && { neighbours: { k, ...told } }),
    },
    files: {
      [`${file}-codes.csv`]: codesAsCsv(codes.test, testSet.labels),
      [`${file}-codes.npy`]: encodeNpy({ dtype: 'F32', shape, data: Float32Array.from(data) }),
      [`${file}-codes.svg`]: figure(network, codes, plane, options.points),
      [`${file}-neighbours.png`]: neighbourPicture(codes),
      ...(await viewFiles(file, codes, options.points)),
    },
  })
}

function tellBoth(codes: Codes, k: number) {
  const linear = linearCodes(codes, Math.min(codes.test.size, 784))
  return { codes: tellsClass(codes, k), principalComponents: tellsClass(linear, k) }
}

function figure({ title }: Network, codes: Codes, plane: Plane, most: number): string {
  const { testSet } = codes
  const count = Math.min(most, testSet.count)
  return scatter(plane.points.subarray(0, 2 * count), {
    title,
    subtitle: `codes of ${count} test images${plane.words}`,
    axes: plane.axes,
    labels: hasClasses(testSet) ? testSet.labels.subarray(0, count) : null,
  })
}

function table(
  { codes, principalComponents }: { codes: number; principalComponents: number },
  k: number,
  size: number,
): string[] {
  const percent = (part: number) => `${(100 * part).toFixed(2)} %`
  return columns(
    [
      [`class told by the ${k} nearest`, 'right'],
      ["the network's codes", percent(codes)],
      [`${Math.min(size, 784)} principal components of the pixels`, percent(principalComponents)],
    ],
    { right: [1] },
  )
}
