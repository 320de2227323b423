/** `kernelgrad compress` and `decompress`: images as the codes of an autoencoder. */
import { gzipSync } from 'node:zlib'
import { Command } from 'commander'
import { encode } from 'fast-png'
import { type ImageSet, pixels } from '../../data/dataset.js'
import { columns } from '../../nn/columns.js'
import { readBytes, writeFileAtomic } from '../../node/files.js'
import { init } from '../../node.js'
import { allImages, checkImageName, encodeImages } from '../imagefiles.js'
import { compressImages, restoreImages } from '../kgz/codec.js'
import { decodeKgz } from '../kgz/read.js'
import { encodeKgz } from '../kgz/write.js'
import { openNetwork, type Wanted } from '../loaded.js'
import { whole } from '../options.js'
import { qualityOf } from '../quality.js'
import { run } from '../run.js'
import { withNetwork } from './common.js'
import { deliver, withJson } from './output.js'

interface Options extends Wanted {
  bits: number
  lossless?: boolean
  json?: boolean
}

export const compress = withJson(withNetwork(new Command('compress')))
  .description('Writes images as the codes of an autoencoder, in a .kgz file.')
  .argument('<images>', 'an IDX file, a .npy file, or a folder of PNG files')
  .argument('<file>', 'the .kgz file to write')
  .option('--bits <n>', 'bits of each number of a code', whole(1, 16), 8)
  .option('--lossless', 'keep what the codes leave out, too')
  .addHelpText(
    'after',
    `
The file has the codes, and says with which weights they were made: \`decompress\` needs the same.
Images come back as the network sees them, so nothing but the kind of images that it was trained on
comes back well.

With --lossless the differences to the decoded images, rounded to bytes, are kept: the same bytes
come back. Two adapters may round a pixel differently, so this is promised for the adapter alone
that wrote the file, whose name is in it. Elsewhere the result is compared with the CRC-32 of the
images: it is equal to the last bit, or the file is refused. For such files gzip and PNG are often
smaller; the table says so.

Examples:
  kernelgrad compress images.npy digits.kgz --model conv
  kernelgrad compress t10k-images-idx3-ubyte digits.kgz --run runs/conv-mnist-1 --bits 6
  kernelgrad compress pngs digits.kgz --weights out/conv.safetensors --lossless`,
  )
  .action((images: string, file: string, options: Options) =>
    run(async () => {
      const set = await allImages(images)
      await init()
      const { network, origin } = await openNetwork(options)
      const { bits, lossless = false } = options
      const { content, decoded } = await compressImages(network, set, { bits, lossless })
      const bytes = encodeKgz(content)
      await writeFileAtomic(file, bytes)
      const unit = (images: Uint8Array) => pixels({ ...set, images }, { mean: 0, std: 1 })
      const psnr = qualityOf(unit(decoded), unit(set.images)).psnr
      const sizes = { ...rivals(set), kgz: bytes.length }
      const values = { model: network.name, weights: origin, images: set.count, bits, lossless }
      const quality = lossless ? 'lossless' : `${psnr.mean.toFixed(2)} dB`
      await deliver(
        { ...options, out: '' },
        {
          lines: [...table(sizes, set, quality), `written: ${file}`],
          values: { ...values, bytes: sizes, psnr: lossless ? null : psnr, file },
        },
      )
    }),
  )

export const decompress = withJson(withNetwork(new Command('decompress')))
  .description('Restores the images of a .kgz file.')
  .argument('<file>', 'what `compress` wrote')
  .argument('<images>', 'the file to write: its name ends in .npy, .idx or -ubyte')
  .addHelpText(
    'after',
    `
A damaged file is refused, and one that was made with other weights; so is a lossless file on an
adapter that does not give its very pixels. Without --run and --weights the pretrained weights of
the model are tried that the file names.

Examples:
  kernelgrad decompress digits.kgz images.npy
  kernelgrad decompress digits.kgz images.idx --run runs/conv-mnist-1`,
  )
  .action((file: string, images: string, options: Options) =>
    run(async () => {
      checkImageName(images)
      const kgz = decodeKgz(await readBytes(file), file)
      const { model, options: made, count, height, width, adapter } = kgz.header
      await init()
      const { network } = await openNetwork({ ...made, model, ...options })
      const pixels = await restoreImages(network, kgz, file)
      await writeFileAtomic(images, encodeImages(images, pixels, [count, height, width]))
      const lossless = kgz.residual !== null
      const how = lossless ? 'without any loss' : 'with the loss of the codes'
      await deliver(
        { ...options, out: '' },
        {
          lines: [`${count} images ${how}, compressed on ${adapter}`, `written: ${images}`],
          values: { images: count, lossless, adapter, file: images },
        },
      )
    }),
  )

/** Bytes of all images as they are, in one gzip file, and in a PNG file each. */
function rivals({ images, count, height, width }: ImageSet) {
  const size = height * width
  let png = 0
  for (let i = 0; i < count; i++) {
    const data = images.subarray(i * size, (i + 1) * size)
    png += encode({ width, height, data, channels: 1, depth: 8 }).length
  }
  return { pixels: images.length, gzip: gzipSync(images, { level: 9 }).length, png }
}

function table(sizes: Record<string, number>, { count }: ImageSet, quality: string): string[] {
  const names: Record<string, string> = {
    pixels: 'pixels',
    gzip: 'gzip of all pixels',
    png: 'a PNG file each',
    kgz: 'this .kgz file',
  }
  const rows = Object.entries(sizes).map(([key, bytes]) => [
    names[key],
    (bytes / count).toFixed(1),
    (sizes.pixels / bytes).toFixed(1),
    key === 'kgz' ? quality : 'lossless',
  ])
  return columns([['', 'bytes per image', 'ratio', 'PSNR'], ...rows], { right: [1, 2, 3] })
}
