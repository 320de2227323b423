/**
 * The .kgz format: images as the codes of an autoencoder, with or without what they leave out.
 *
 *     0    8 bytes   89 4b 47 5a 0d 0a 1a 0a
 *     8    u32       length of the header
 *     12   JSON      the header: `Header`
 *          f32       lowest and highest value of each number of a code: [latent, 2]
 *          deflated  codes: [latent, count] whole numbers from 0 to 2^bits − 1, bytes or u16
 *          deflated  residual, if there is one: (pixel − decoded pixel) mod 256 of each pixel
 *     end  u32       CRC-32 of all before
 *
 * Numbers are little-endian. A decoded pixel is the network's output, rounded to a byte.
 */
export const magic = [0x89, 0x4b, 0x47, 0x5a, 0x0d, 0x0a, 0x1a, 0x0a]
export const version = 1
/** Where the header begins, and the most bytes that it may have. */
export const headerAt = 12
export const mostHeader = 2 ** 16
/** Files of more pixels are neither written nor read. */
export const mostPixels = 2 ** 28

export interface Header {
  readonly version: number
  /** The name of the network, and the options that it was made with. */
  readonly model: string
  readonly options: Readonly<Record<string, number>>
  /** SHA-256 of its weights. */
  readonly weights: string
  /** The adapter that decoded the codes for the residual. */
  readonly adapter: string
  readonly count: number
  readonly height: number
  readonly width: number
  /** Numbers in a code, and bits of each. */
  readonly latent: number
  readonly bits: number
  /** Bytes of the deflated codes, and of the deflated residual; 0 without it. */
  readonly codes: number
  readonly residual: number
  /** CRC-32 of the pixels that a file with residual restores; 0 without it. */
  readonly pixels: number
}

export interface Kgz {
  readonly header: Header
  /** Lowest and highest value of each number of a code: [latent · 2]. */
  readonly ranges: Float32Array
  /** Quantised codes: [latent · count]. */
  readonly codes: Uint16Array
  /** [count · height · width]; null if the file is lossy. */
  readonly residual: Uint8Array | null
}
