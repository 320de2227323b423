/** Files of the MNIST kind, dropped by the reader, as images to train and to test on. */
import { data } from '../../../src/index.js'
import { type Images, imagesOf } from './images.js'
import type { File } from './messages.js'

const forTest = 1000 // images, where the files are of one set only

/**
 * Reads IDX files, plain or gzipped: a file of images and its file of labels, or two such pairs, of
 * which the larger is trained on.
 * @throws Error that names the file and says what is wrong with it
 */
export async function readImages(
  files: readonly File[],
): Promise<{ train: Images; test: Images; about: string }> {
  const read = await Promise.all(
    files.map(async ({ name, bytes }) => ({ name, idx: await data.readIdx(bytes, name) })),
  )
  const sets = read
    .filter(({ idx }) => idx.shape.length === 3)
    .map(images => {
      const labels = read.find(
        ({ idx }) => idx.shape.length === 1 && idx.shape[0] === images.idx.shape[0],
      )
      if (!labels)
        throw new Error(
          `${images.name}: no labels for its ${images.idx.shape[0]} images; ` +
            'give the file of labels together with it',
        )
      const set = data.imageSet(images.idx, labels.idx, [images.name, labels.name])
      if (set.height !== 28 || set.width !== 28)
        throw new Error(
          `${images.name}: images of ${set.height} × ${set.width}; these networks take 28 × 28`,
        )
      return set
    })
    .sort((a, b) => b.count - a.count)
  if (sets.length === 0)
    throw new Error(
      `no images in ${files.map(({ name }) => name).join(', ')}; give a file of images, such as ` +
        'train-images-idx3-ubyte.gz, together with its file of labels',
    )
  const [train, test] =
    sets.length > 1 ? sets : data.split(sets[0], Math.max(1, sets[0].count - forTest))
  const about = `${train.count.toLocaleString('en')} images of your files`
  return { train: imagesOf(train), test: imagesOf(test), about }
}
