/** A dataset's order in each epoch, and the positions of the samples in each batch. */
import { check } from '../kernels/check.js'
import { optionsOf } from '../tensor/arguments.js'
import { threefry } from '../tensor/threefry.js'

export interface LoaderOptions {
  batchSize: number
  /** A new order for every epoch, which depends only on the seed and the epoch. */
  shuffle?: boolean
  seed?: number
  /** Omit a last batch that is shorter than the others. */
  dropLast?: boolean
}

/** The positions of the samples in each batch of an epoch. */
export function* batches(
  count: number,
  options: LoaderOptions & { epoch?: number },
): Generator<number[]> {
  checkOptions('batches', options, ['epoch'])
  const { batchSize, shuffle = false, seed = 0, dropLast = false, epoch = 0 } = options
  checkEpoch('batches', epoch)
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

/** @throws Error when an option is unknown or out of range. `more` are names beside the common. */
export function checkOptions(op: string, options: LoaderOptions, more: readonly string[]): void {
  const known = [...names, ...more] as (typeof names)[number][]
  const { batchSize, seed = 0 } = optionsOf(op, options, known)
  check(
    Number.isInteger(batchSize) && batchSize > 0,
    () => `${op}: batchSize is ${batchSize}; it must be a whole number above 0`,
  )
  check(
    Number.isSafeInteger(seed) && seed >= 0,
    () => `${op}: seed is ${seed}; it must be a whole number from 0 up`,
  )
}

/** @throws Error unless it is the number of an epoch */
export function checkEpoch(op: string, epoch: number): void {
  check(
    Number.isSafeInteger(epoch) && epoch >= 0,
    () => `${op}: epoch is ${epoch}; it must be a whole number from 0 up`,
  )
}

const names = ['batchSize', 'shuffle', 'seed', 'dropLast'] as const
