/** MNIST read from a folder. */
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageSet } from '../data/dataset.js'
import { imageSet, readIdx } from '../data/idx.js'
import { check } from '../kernels/check.js'
import { readBytes, reason } from './files.js'

export type Split = 'train' | 'test'

const prefix = { train: 'train', test: 't10k' } as const

/**
 * MNIST's training or test set, from files like `train-images-idx3-ubyte`, plain or as .gz.
 * @throws Error of one line for a missing folder or file, or a file with other content
 */
export async function loadMnist(folder: string, split: Split): Promise<ImageSet> {
  check(typeof folder === 'string', () => "loadMnist: the first argument must be a folder's path")
  check(
    split in prefix,
    () => `loadMnist: there is no split ${String(split)}; there are 'train' and 'test'`,
  )
  const wrong = await stat(folder).then(
    found => (found.isDirectory() ? null : 'it is a file, not a folder'),
    reason,
  )
  check(
    !wrong,
    () =>
      `${folder}: ${wrong}; --data needs a folder with ${names(split)}, ` +
      'and --data mnist fetches them by itself',
  )
  const [images, labels] = await Promise.all([
    readOne(folder, `${prefix[split]}-images`, 3),
    readOne(folder, `${prefix[split]}-labels`, 1),
  ])
  const set = imageSet(images.idx, labels.idx, [images.path, labels.path])
  check(
    set.count > 0 && set.height === 28 && set.width === 28,
    () =>
      `${images.path}: ${set.count} images of ${set.height} × ${set.width}; ` +
      "they must be of 28 × 28, like MNIST's",
  )
  return set
}

async function readOne(folder: string, stem: string, rank: number) {
  const spellings = [`${stem}-idx${rank}-ubyte`, `${stem}.idx${rank}-ubyte`]
  const path = spellings
    .flatMap(name => [name, `${name}.gz`])
    .map(name => join(folder, name))
    .find(existsSync)
  check(
    path,
    () =>
      `${folder}: no ${spellings[0]} or ${spellings[0]}.gz there; ` +
      '--data mnist fetches MNIST by itself',
  )
  return { path, idx: await readIdx(await readBytes(path), path) }
}

function names(split: Split): string {
  return `${prefix[split]}-images-idx3-ubyte(.gz) and ${prefix[split]}-labels-idx1-ubyte(.gz)`
}
