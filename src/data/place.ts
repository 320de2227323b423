/** Where a loader is in its epochs, and whether a saved place fits a loader. */
import { check } from '../kernels/check.js'
import { described } from '../tensor/arguments.js'

export interface Place {
  /** The number of the epoch. */
  epoch: number
  /** The number of its batches that are done. */
  batch: number
}

/** A loader's place, and all on which its order depends. */
export interface LoaderState extends Place {
  samples: number
  batchSize: number
  shuffle: boolean
  seed: number
  dropLast: boolean
}

/** @throws Error when a state is none, or of another order than the loader's own */
export function checkPlace(state: LoaderState, own: LoaderState, length: number): Place {
  check(
    typeof state === 'object' && state !== null,
    () => `DataLoader: loadStateDict: got ${described(state)}; it must be a state of stateDict()`,
  )
  const { epoch, batch, ...order } = state
  check(
    [epoch, batch].every(n => Number.isSafeInteger(n) && n >= 0) && batch <= length,
    () =>
      `DataLoader: loadStateDict: epoch ${epoch}, batch ${batch}; both are whole numbers, and an ` +
      `epoch has ${length} batches`,
  )
  const { epoch: _epoch, batch: _batch, ...ours } = own
  for (const [name, value] of Object.entries(ours)) {
    const saved = order[name as keyof typeof order]
    check(
      saved === value,
      () =>
        `DataLoader: loadStateDict: ${name} is ${described(saved)} in the state and ` +
        `${described(value)} here, so the order is another one; make the loader as it was`,
    )
  }
  return { epoch, batch }
}
