/** A dataset in batches, in a new order every epoch. */
import { checkFunction } from '../tensor/arguments.js'
import { openScope } from '../tensor/scope.js'
import type { Tensor } from '../tensor/tensor.js'
import { threefry, unit } from '../tensor/threefry.js'
import { batches, checkEpoch, checkOptions, type LoaderOptions } from './batches.js'
import { type Dataset, datasetOf, type Samples } from './examples.js'
import { checkPlace, type LoaderState, type Place } from './place.js'
import { stacked } from './stack.js'

/** What a dataset of `Samples` gives per sample. */
export type FloatSample = { x: { data: Float32Array; shape: readonly number[] }; y?: number }

/** Each field as a tensor with the batch as first dimension, and the samples' positions. */
export type Batch<S = FloatSample> = { [K in keyof S]: Tensor } & {
  /** The positions of these samples in the dataset. */
  index: number[]
}

export interface DataLoaderOptions<S extends object, T extends object> extends LoaderOptions {
  /**
   * Changes a sample whenever it is read. `random()` is uniform in [0, 1) and depends only on the
   * seed, the epoch, the sample and the number of calls, so augmented data are the same every run.
   */
  transform?: (sample: S, random: () => number) => T | Promise<T>
  /** Makes the tensors of a batch. By default every field is stacked. */
  collate?: (samples: T[]) => { [K in keyof T]: Tensor }
}

/**
 * Batches of a dataset:
 *
 *     for await (const { x, y } of loader) { … }
 *
 * A dataset is `{ x, shape, y }`, `columns({ … })`, or any object with `length` and `get(i)`.
 *
 * Each iteration of the loop is a scope: tensors that it makes and does not keep are freed when the
 * next iteration begins or the loop ends. Each loop over the loader is an epoch, whose order
 * depends only on the seed and the epoch's number.
 */
export class DataLoader<S extends object = FloatSample, T extends object = S>
  implements AsyncIterable<Batch<T>>
{
  private readonly dataset: Dataset<S>
  /** Where the last loop is, while it runs. */
  private current: Place | null = null
  /** Where the next loop begins. */
  private next: Place = { epoch: 0, batch: 0 }

  constructor(
    dataset: Dataset<S> | Samples,
    private readonly options: DataLoaderOptions<S, T>,
  ) {
    this.dataset = datasetOf('DataLoader', dataset)
    checkOptions('DataLoader', options, ['transform', 'collate'])
    const { transform, collate } = options
    for (const f of [transform, collate]) if (f !== undefined) checkFunction('DataLoader', f)
  }

  /** Batches in an epoch. */
  get length(): number {
    const { batchSize, dropLast } = this.options
    const count = this.dataset.length / batchSize
    return dropLast ? Math.floor(count) : Math.ceil(count)
  }

  /** The number of the epoch that a loop is in, or else of the next one; from 0. */
  get epoch(): number {
    return (this.current ?? this.next).epoch
  }

  /** Makes the next loop the epoch of that number. */
  setEpoch(epoch: number): void {
    checkEpoch('setEpoch', epoch)
    this.next = { epoch, batch: 0 }
  }

  /**
   * The loader's place, as plain JSON. Inside a loop the present batch counts as done, so save
   * after its step. A loader that loads the state goes on behind that batch, in the same order.
   */
  stateDict(): LoaderState {
    return { ...(this.current ?? this.next), samples: this.dataset.length, ...this.order }
  }

  /**
   * Makes the next loop go on from a state of `stateDict()`.
   * @throws Error when the state is of another order: other options, or another number of samples
   */
  loadStateDict(state: LoaderState): void {
    this.next = checkPlace(state, this.stateDict(), this.length)
    this.current = null
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch<T>, void, undefined> {
    const place = this.next
    const { epoch, batch: done } = place
    this.current = { ...place }
    const mine = this.current
    this.next = { epoch: epoch + 1, batch: 0 }
    let nth = 0
    try {
      for (const index of batches(this.dataset.length, { ...this.order, epoch })) {
        if (nth++ < done) continue
        const given = index.map(i => this.sample(i, epoch))
        const samples = given.some(one => one instanceof Promise) ? await Promise.all(given) : given
        const scope = openScope()
        try {
          mine.batch++
          yield { ...this.collated(samples as T[]), index }
        } finally {
          scope.close()
        }
      }
    } finally {
      if (this.current === mine) this.current = null
    }
  }

  private get order(): Required<LoaderOptions> {
    const { batchSize, shuffle = false, seed = 0, dropLast = false } = this.options
    return { batchSize, shuffle, seed, dropLast }
  }

  private sample(i: number, epoch: number): T | Promise<T> {
    const sample = this.dataset.get(i)
    const { transform } = this.options
    if (!transform) return sample as unknown as T
    const { seed } = this.order
    const key = threefry([seed >>> 0, epoch], [i, 2 ** 31 + Math.floor(seed / 2 ** 32)])
    let calls = 0
    const random = () => unit(threefry(key, [calls++, 0])[0])
    return sample instanceof Promise
      ? sample.then(one => transform(one, random))
      : transform(sample, random)
  }

  private collated(samples: T[]): { [K in keyof T]: Tensor } {
    const { collate } = this.options
    return collate ? collate(samples) : (stacked(samples, this.dataset.dtypes ?? {}) as never)
  }
}
