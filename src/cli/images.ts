/** The images that a command works on, by one word: a name, a folder, or files. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { type ImageSet, split, take } from '../data/dataset.js'
import { drawDigits } from '../data/digits.js'
import { imageSet, readIdx } from '../data/idx.js'
import { check } from '../kernels/check.js'
import { downloadMnist } from '../node/download.js'
import { downloadFashionMnist } from '../node/fashion.js'
import { readBytes } from '../node/files.js'
import { loadMnist } from '../node/mnist.js'
import { readArray } from './arrays.js'
import { readPngs } from './pngs.js'

export interface Sets {
  trainSet: ImageSet
  testSet: ImageSet
}

export interface ImageOptions {
  /** Training images; by default all, or 8,000 of the drawn digits. */
  count?: number
  /** Of the drawn digits. */
  seed?: number
  onFile?(name: string): void
}

const drawn = { train: 8000, test: 1000 }
const mostTest = 10_000

/**
 * Images to train on and images to test with:
 *
 *     digits                       drawn by the project
 *     mnist, fashion-mnist         fetched once and verified
 *     FOLDER                       MNIST's four IDX files, or PNG files
 *     IMAGES,LABELS  IMAGES        IDX files, plain or .gz
 *     FILE.npy                     [n, height, width], bytes or numbers from 0 to 1
 *
 * Of sets that are not split every tenth image is for tests, and at most 10,000 are.
 * @throws Error of one line that says what is wrong with which file
 */
export async function openImages(spec: string, options: ImageOptions = {}): Promise<Sets> {
  const { count, seed = 0, onFile = () => {} } = options
  if (spec === 'digits') {
    const train = count ?? drawn.train
    const [trainSet, testSet] = split(drawDigits({ count: train + drawn.test, seed }), train)
    return { trainSet, testSet }
  }
  const sets = await read(spec, onFile)
  const { trainSet, testSet } = sets
  for (const { count: n, height, width } of [trainSet, testSet])
    check(
      n > 0 && height === 28 && width === 28,
      () =>
        `${spec}: ${n} images of ${height} × ${width}; the models take images of 28 × 28, ` +
        'to train on and to test with',
    )
  return count === undefined ? sets : { trainSet: first(trainSet, count), testSet }
}

async function read(spec: string, onFile: (name: string) => void): Promise<Sets> {
  if (spec === 'mnist') return readSplit(await downloadMnist({ onFile }))
  if (spec === 'fashion-mnist') return readSplit(await downloadFashionMnist({ onFile }))
  if (isFolder(spec)) return hasIdx(spec) ? readSplit(spec) : divided(spec, await readPngs(spec))
  if (spec.endsWith('.npy')) return divided(spec, await readArray(spec))
  const paths = spec.split(',')
  check(
    paths.length <= 2 && paths.every(path => existsSync(path)),
    () =>
      `${paths.find(path => !existsSync(path)) ?? spec}: there is no such file or folder; --data ` +
      'takes digits, mnist, fashion-mnist, a folder, IMAGES.idx,LABELS.idx or FILE.npy',
  )
  return divided(spec, await readPair(paths[0], paths.at(1)))
}

async function readSplit(folder: string): Promise<Sets> {
  return { trainSet: await loadMnist(folder, 'train'), testSet: await loadMnist(folder, 'test') }
}

/** An IDX file of images, with labels from another; without it all labels are 0. */
export async function readPair(images: string, labels?: string): Promise<ImageSet> {
  const [pictures, digits] = await Promise.all([images, labels].map(path => path && readOne(path)))
  check(pictures, () => `${images}: it is empty`)
  const none = { shape: [pictures.shape[0]], data: new Uint8Array(pictures.shape[0]) }
  return imageSet(pictures, digits || none, [images, labels ?? 'labels'])
}

const readOne = async (path: string) => readIdx(await readBytes(path), path)

/** Every tenth image is for tests, so that sets in the order of their classes have all in both. */
function divided(spec: string, all: ImageSet): Sets {
  const { count } = all
  check(
    count > 1,
    () => `${spec}: ${count} images; it takes 2, one to train on and one to test with`,
  )
  const tests = Math.min(mostTest, Math.max(1, Math.floor(count / 10)))
  const isTest = new Uint8Array(count)
  for (let i = 1; i <= tests; i++) isTest[Math.floor((i * count) / tests) - 1] = 1
  return { trainSet: chosen(all, i => !isTest[i]), testSet: chosen(all, i => isTest[i] === 1) }
}

/** The images of these positions, in memory of their own. */
function chosen({ images, labels, ...sizes }: ImageSet, isOne: (i: number) => boolean): ImageSet {
  const size = sizes.height * sizes.width
  const positions = Array.from(labels.keys()).filter(isOne)
  const copies = new Uint8Array(positions.length * size)
  for (const [k, i] of positions.entries())
    copies.set(images.subarray(i * size, (i + 1) * size), k * size)
  const own = { images: copies, labels: labels.filter((_, i) => isOne(i)) }
  return { ...sizes, ...own, count: positions.length }
}

function first(set: ImageSet, count: number): ImageSet {
  return take(set, Math.min(count, set.count))
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

const hasIdx = (folder: string) => readdirSync(folder).some(name => /^train-images.idx3/.test(name))
