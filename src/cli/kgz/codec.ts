/** From images to the content of a .kgz file, and back. */
import type { ImageSet } from '../../data/dataset.js'
import { crc32 } from '../../io/crc32.js'
import { check } from '../../kernels/check.js'
import { adapterInfo } from '../../node.js'
import { batchwise, pixelsFor, toUnit } from '../batchwise.js'
import { codeSizeOf, type Network } from '../network.js'
import type { Kgz } from './format.js'
import { mostPixels } from './format.js'
import { hashOf } from './identity.js'
import { quantise, restoreCodes } from './quantise.js'
import type { Content } from './write.js'

export interface Compressed {
  readonly content: Content
  /** What the codes alone give back. */
  readonly decoded: Uint8Array
}

/** @throws Error of one line when the network has no codes, or one is not finite */
export async function compressImages(
  network: Network,
  set: ImageSet,
  { bits, lossless }: { bits: number; lossless: boolean },
): Promise<Compressed> {
  const { name, options } = network
  const latent = codeSizeOf(network)
  const { images, count, height, width } = set
  check(
    count * Math.max(height * width, latent) <= mostPixels,
    () => `${count} images of ${height} × ${width}: a file holds at most ${mostPixels} pixels`,
  )
  const x = pixelsFor(network, set)
  const codes = await batchwise(x, network.shape, x => network.encode(x))
  check(codes.every(Number.isFinite), () => `--model ${name}: its codes are not finite`)
  const quantised = quantise(codes, latent, bits)
  const decoded = await decodedBytes(network, restoreCodes(quantised, bits))
  const header = {
    model: name,
    options: options as Record<string, number>,
    weights: await hashOf(network),
    adapter: adapterInfo().description.slice(0, 512),
    ...{ count, height, width, latent, bits },
    pixels: lossless ? crc32(images) : 0,
  }
  const residual = lossless ? images.map((byte, i) => byte - decoded[i]) : null
  return { content: { header, ...quantised, residual }, decoded }
}

/**
 * @throws Error of one line when the weights are others than those of the compression, or when a
 * lossless file does not give its pixels on this adapter
 */
export async function restoreImages(network: Network, kgz: Kgz, file: string): Promise<Uint8Array> {
  const { header, residual } = kgz
  const weights = await hashOf(network)
  check(
    network.name === header.model && weights === header.weights && network.latent === header.latent,
    () =>
      `${file}: made with ${header.model}, weights ${header.weights.slice(0, 12)}…; these are ` +
      `${network.name}, ${weights.slice(0, 12)}…: name the run or the weights of the compression`,
  )
  const decoded = await decodedBytes(network, restoreCodes(kgz, header.bits))
  check(
    decoded.length === header.count * header.height * header.width,
    () => `${file}: images of ${header.height} × ${header.width}; the model makes others`,
  )
  if (!residual) return decoded
  const pixels = decoded.map((byte, i) => byte + residual[i])
  check(
    crc32(pixels) === header.pixels,
    () =>
      `${file}: this adapter (${adapterInfo().description}) rounds some pixels to other bytes ` +
      `than the one that made the file (${header.adapter}); decompress it there`,
  )
  return pixels
}

/** Decoded pixels as bytes, 0 black to 255 white. */
async function decodedBytes(network: Network, codes: Float32Array): Promise<Uint8Array> {
  const values = toUnit(await batchwise(codes, [network.latent!], z => network.decode(z)), network)
  return Uint8Array.from(values, value => Math.round(255 * Math.min(Math.max(value, 0), 1)))
}
