/** IDX files, the format of MNIST:  00 00 · type · rank · sizes as big-endian u32 · elements. */
import { check } from '../kernels/check.js'
import { checkList, described } from '../tensor/arguments.js'
import type { ImageSet } from './dataset.js'
import { inflate, inflateBegin } from './inflate.js'

export interface Idx {
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

const unsignedBytes = 0x08

/** More bytes than this are not read: larger sizes are those of a damaged file. */
const mostBytes = 2 ** 30

/**
 * Reads an IDX file of unsigned bytes, plain or gzipped. Gzipped data is inflated only as far as
 * the sizes in its header say.
 * @param name of the file, for messages
 * @throws Error of one line that says what is wrong with the file
 */
export async function readIdx(bytes: Uint8Array, name: string): Promise<Idx> {
  check(
    bytes instanceof Uint8Array,
    () => `${name}: got ${described(bytes)} where the bytes of a file belong, in a Uint8Array`,
  )
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b
  const begin = isZipped ? await inflateBegin(bytes, name, longestHeader) : bytes
  const { shape, header, expected } = readHeader(begin, name)
  const plain = isZipped ? await inflate(bytes, name, expected) : bytes
  const sizes = `${plain.length} bytes, but [${shape.join(', ')}] takes ${expected}`
  check(plain.length >= expected, () => `${name}: ${sizes}; the file is truncated: fetch it again`)
  check(
    plain.length === expected,
    () =>
      `${name}: ${sizes}; ${plain.length - expected} too many, ` +
      'so the file is damaged: fetch it again',
  )
  return { shape, data: plain.subarray(header) }
}

const longestHeader = 4 + 4 * 255

/** The sizes, and the bytes that the header and the whole file take. */
function readHeader(bytes: Uint8Array, name: string) {
  check(
    bytes.length >= 2 && bytes[0] === 0 && bytes[1] === 0,
    () =>
      `${name}: begins with ${hex(bytes)}; an IDX file begins with 00 00, ` +
      'so this is another kind of file: fetch it again',
  )
  check(
    bytes.length >= 4,
    () =>
      `${name}: ${bytes.length} bytes, but a header takes 8 or more; ` +
      'the file is truncated: fetch it again',
  )
  const [type, rank] = [bytes[2], bytes[3]]
  check(
    type === unsignedBytes,
    () =>
      `${name}: element type 0x${type.toString(16)} at byte 2; ` +
      'only unsigned bytes (0x8), as in MNIST, are read',
  )
  const header = 4 + 4 * rank
  check(
    bytes.length >= header,
    () =>
      `${name}: ${bytes.length} bytes, but the header alone takes ${header}; ` +
      'the file is truncated: fetch it again',
  )
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const shape = Array.from({ length: rank }, (_, d) => view.getUint32(4 + 4 * d))
  const expected = header + shape.reduce((product, size) => product * size, 1)
  check(
    expected <= mostBytes,
    () =>
      `${name}: the sizes from byte 4 on, ${described(shape)}, take ${expected} bytes, more than ` +
      `the ${mostBytes} that are read; the file is damaged: fetch it again`,
  )
  return { shape, header, expected }
}

/**
 * A file of images [n, h, w] and one of labels [n] as one set.
 * @throws Error when they hold something else, or do not belong together
 */
export function imageSet(
  images: Idx,
  labels: Idx,
  names: readonly [string, string] = ['images', 'labels'],
): ImageSet {
  checkList('imageSet', 'the third argument', names, "['images.idx', 'labels.idx']")
  const [imagesName, labelsName] = names
  for (const idx of [images, labels])
    check(
      Array.isArray(idx?.shape) && idx.data instanceof Uint8Array,
      () => `imageSet: got ${described(idx)} where the content of a file belongs: await readIdx(…)`,
    )
  check(
    images.shape.length === 3,
    () => `${imagesName}: holds ${kindOf(images)}; images [n, height, width] are needed here`,
  )
  check(
    labels.shape.length === 1,
    () => `${labelsName}: holds ${kindOf(labels)}; labels [n] are needed here`,
  )
  const [count, height, width] = images.shape
  check(
    labels.shape[0] === count,
    () =>
      `${labelsName}: ${labels.shape[0]} labels for the ${count} images of ${imagesName}; ` +
      'the files do not belong together',
  )
  const wrong = labels.data.findIndex(label => label > 9)
  check(
    wrong < 0,
    () => `${labelsName}: label ${wrong} is ${labels.data[wrong]}; digits are 0 to 9`,
  )
  return { images: images.data, labels: labels.data, count, height, width }
}

function kindOf({ shape }: Idx): string {
  const kind = shape.length === 1 ? 'labels' : shape.length === 3 ? 'images' : 'something else'
  return `${kind} [${shape.join(', ')}]`
}

function hex(bytes: Uint8Array): string {
  return bytes.length === 0
    ? 'nothing'
    : [...bytes.subarray(0, 4)].map(b => b.toString(16).padStart(2, '0')).join(' ')
}
