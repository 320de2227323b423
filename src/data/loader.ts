/** A dataset in batches, in a new order every epoch. */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'
import { tensor } from '../tensor/create.js'
import { openScope } from '../tensor/scope.js'
import { checkShape, sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { batches, checkOptions, type LoaderOptions } from './batches.js'

/** A dataset: samples one after the other, each of `shape`. */
export interface Samples {
  x: Float32Array
  shape: readonly number[]
  /** One label for each: classes if all are whole numbers, or else (or in a float array) values. */
  y?: ArrayLike<number>
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
    checkSamples(samples)
    checkOptions('DataLoader', options)
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

/** @throws Error when a label is a whole number that neither i32 nor f32 holds */
function isClasses(y: ArrayLike<number>): boolean {
  if (y instanceof Float32Array || y instanceof Float64Array) return false
  const values = Array.from(y)
  const lost = values.find(v => Number.isInteger(v) && v !== (v | 0) && v !== Math.fround(v))
  check(lost === undefined, () => `DataLoader: the label ${lost} fits neither i32 nor f32`)
  return values.every(v => v === (v | 0))
}

function checkSamples(samples: Samples): void {
  const { x, shape, y } = samples ?? {}
  check(
    x instanceof Float32Array && Array.isArray(shape),
    () =>
      `DataLoader: x is ${described(x)} and shape ${described(shape)}; ` +
      'give { x: a Float32Array, shape: the shape of one sample, y: labels, if any }',
  )
  checkShape('DataLoader', shape)
  check(
    y === undefined || typeof y?.length === 'number',
    () => `DataLoader: y is ${described(y)}; it must be an array of numbers`,
  )
}
