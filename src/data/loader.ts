/** A dataset in batches, in a new order every epoch. */
import { check } from '../kernels/check.js'
import { tensor } from '../tensor/create.js'
import { openScope } from '../tensor/scope.js'
import { sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { threefry } from '../tensor/threefry.js'

/** A dataset: samples one after the other, each of `shape`. */
export interface Samples {
  x: Float32Array
  shape: readonly number[]
  /** One label for each: classes if all are whole numbers, or else (or in a float array) values. */
  y?: ArrayLike<number>
}

export interface LoaderOptions {
  batchSize: number
  /** A new order for every epoch, which depends only on the seed and the epoch. */
  shuffle?: boolean
  seed?: number
  /** Omit a last batch that is shorter than the others. */
  dropLast?: boolean
}

export interface Batch {
  /** [b, ...shape] */
  x: Tensor
  /** [b], if the samples have labels: i32 for classes, f32 for values */
  y?: Tensor
  /** The positions of these samples in the dataset. */
  index: number[]
}

/**
 * Batches of a dataset:
 *
 *   for await (const { x } of loader) { … }
 *
 * Each iteration of the loop is a scope: tensors that it makes and does not keep are freed when the
 * next iteration begins or the loop ends. Each loop over the loader is an epoch.
 */
export class DataLoader implements AsyncIterable<Batch> {
  private epoch = 0
  private readonly count: number
  private readonly sampleSize: number
  private readonly classes: boolean

  constructor(
    private readonly samples: Samples,
    private readonly options: LoaderOptions,
  ) {
    const { x, shape, y } = samples
    this.sampleSize = sizeOf(shape)
    this.count = x.length / this.sampleSize
    check(
      Number.isInteger(this.count),
      () =>
        `DataLoader: ${x.length} values for samples of [${shape}]; ` +
        `that is ${this.count} samples, and it must be a whole number`,
    )
    check(
      !y || y.length === this.count,
      () => `DataLoader: ${y?.length} labels for ${this.count} samples; each needs one`,
    )
    this.classes = !!y && isClasses(y)
    checkOptions(options)
  }

  /** Batches in an epoch. */
  get length(): number {
    const { batchSize, dropLast } = this.options
    return dropLast ? Math.floor(this.count / batchSize) : Math.ceil(this.count / batchSize)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    for (const index of batches(this.count, { ...this.options, epoch: this.epoch++ })) {
      const scope = openScope()
      try {
        yield this.batch(index)
      } finally {
        scope.close()
      }
    }
  }

  private batch(index: number[]): Batch {
    const { x, shape, y } = this.samples
    const size = this.sampleSize
    const rows = new Float32Array(index.length * size)
    index.forEach((sample, i) => {
      rows.set(x.subarray(sample * size, (sample + 1) * size), i * size)
    })
    const batch: Batch = { x: tensor(rows, { shape: [index.length, ...shape] }), index }
    const labels = y && index.map(sample => y[sample])
    if (labels) batch.y = tensor((this.classes ? Int32Array : Float32Array).from(labels))
    return batch
  }
}

/** The positions of the samples in each batch of an epoch. */
export function* batches(
  count: number,
  {
    batchSize,
    shuffle = false,
    seed = 0,
    dropLast = false,
    epoch = 0,
  }: LoaderOptions & { epoch?: number },
): Generator<number[]> {
  const order = Array.from({ length: count }, (_, i) => i)
  if (shuffle) permute(order, seed, epoch)
  for (let from = 0; from < count; from += batchSize) {
    const batch = order.slice(from, from + batchSize)
    if (batch.length === batchSize || !dropLast) yield batch
  }
}

/** Fisher and Yates' shuffle with random numbers of Threefry under (seed, epoch). */
function permute(order: number[], seed: number, epoch: number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const [word] = threefry([seed >>> 0, epoch], [i, Math.floor(seed / 2 ** 32)])
    const j = Math.floor((word / 2 ** 32) * (i + 1))
    const swapped = order[i]
    order[i] = order[j]
    order[j] = swapped
  }
}

/** @throws Error when a label is a whole number that neither i32 nor f32 holds */
function isClasses(y: ArrayLike<number>): boolean {
  if (y instanceof Float32Array || y instanceof Float64Array) return false
  const values = Array.from(y)
  const lost = values.find(v => Number.isInteger(v) && v !== (v | 0) && v !== Math.fround(v))
  check(lost === undefined, () => `DataLoader: the label ${lost} fits neither i32 nor f32`)
  return values.every(v => v === (v | 0))
}

function checkOptions({ batchSize, seed = 0 }: LoaderOptions): void {
  check(
    Number.isInteger(batchSize) && batchSize > 0,
    () => `DataLoader: batchSize is ${batchSize}; it must be a whole number above 0`,
  )
  check(
    Number.isSafeInteger(seed) && seed >= 0,
    () => `DataLoader: seed is ${seed}; it must be a whole number from 0 up`,
  )
}
