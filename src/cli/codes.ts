/** The codes of images, and how well classes can be told from them. */
import { type ImageSet, pixels, take } from '../data/dataset.js'
import { batchwise, pixelsFor } from './batchwise.js'
import type { Sets } from './images.js'
import { accuracy, nearest, type Points, vote } from './neighbours.js'
import { codeSizeOf, type Network } from './network.js'
import { principalComponents, project } from './pca.js'

/** So many training images are compared with. */
const mostKnown = 10_000

export interface Codes {
  /** The first training images, at most 10,000. */
  readonly knownSet: ImageSet
  readonly testSet: ImageSet
  readonly known: Points
  readonly test: Points
}

/** @throws Error of one line when the network has no codes */
export async function codesOf(network: Network, { trainSet, testSet }: Sets): Promise<Codes> {
  const size = codeSizeOf(network)
  const knownSet = take(trainSet, Math.min(mostKnown, trainSet.count))
  const encode = async (set: ImageSet) => ({
    data: await batchwise(pixelsFor(network, set), network.shape, x => network.encode(x)),
    size,
  })
  return { knownSet, testSet, known: await encode(knownSet), test: await encode(testSet) }
}

/** Whether images have classes; where nothing is known of them, all labels are 0. */
export function hasClasses({ labels }: ImageSet): boolean {
  return labels.some(label => label !== 0)
}

/** For which part of the test images most of the k nearest training images have their class. */
export function tellsClass({ known, test, knownSet, testSet }: Codes, k: number): number {
  const neighbours = nearest(test, known, { k })
  return accuracy(vote(neighbours, k, knownSet.labels), testSet.labels)
}

/** The same images, each as its first `size` principal components: the linear code of that size. */
export function linearCodes({ knownSet, testSet }: Codes, size: number): Codes {
  const points = (set: ImageSet): Points => ({
    data: pixels(set, { mean: 0, std: 1 }),
    size: set.height * set.width,
  })
  const components = principalComponents(points(knownSet), size)
  const [known, test] = [knownSet, testSet].map(set => project(points(set), components))
  return { knownSet, testSet, known, test }
}
